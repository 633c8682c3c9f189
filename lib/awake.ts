/**
 * Keeps the process alive while the work goes on. No clock of ours does, and a runtime that finds nothing left to wait
 * for but such alarms ends the invocation as if it were over.
 */
export const keptAwake =
  <Arguments extends readonly unknown[], Answer>(work: (...given: Arguments) => Promise<Answer>) =>
  async (...given: Arguments): Promise<Answer> => {
    const anything = setInterval(() => undefined, 60_000);
    try {
      return await work(...given);
    } finally {
      clearInterval(anything);
    }
  };
