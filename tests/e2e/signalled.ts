const ends = new Set<() => void>();

/**
 * Somebody who ends this process by a signal ends what it started, too: no `finally` runs then. What is given back takes it back,
 * for when it has ended by itself.
 */
export const onSignal = (end: () => void): (() => void) => {
  if (ends.size === 0) for (const signal of signals) process.once(signal, endAll);
  ends.add(end);
  return () => {
    ends.delete(end);
    if (ends.size === 0) for (const signal of signals) process.off(signal, endAll);
  };
};

const signals = ["SIGINT", "SIGTERM"] as const;

const endAll = (signal: NodeJS.Signals): void => {
  // The youngest first: what was started later may need what was started earlier.
  for (const end of [...ends].reverse()) end();
  for (const one of signals) process.off(one, endAll);
  // As if nobody had listened.
  process.kill(process.pid, signal);
};
