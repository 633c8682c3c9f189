import { createHash } from "node:crypto";

/**
 * Answers that hold for a while, by question; who asks the same meanwhile waits for the same answer. Questions are kept as hashes, since
 * tokens are among them.
 */
export const createRemembered = <Answer>(parts: {
  /** Milliseconds. */
  readonly age: number;
  /** Of a failure; 0 unless given. */
  readonly failureAge?: number;
  readonly clock: () => number;
}) => {
  const { failureAge = 0 } = parts;
  const known = new Map<string, { readonly until: number; readonly answer: Promise<Answer> }>();
  return (question: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const key = createHash("sha256").update(question).digest("base64");
    const now = parts.clock();
    const found = known.get(key);
    if (found !== undefined && now < found.until) return found.answer;
    // The oldest come first.
    for (const [old, { until }] of known) {
      if (now < until && known.size < most) break;
      known.delete(old);
    }
    known.delete(key);
    const answer = ask();
    known.set(key, { until: now + parts.age, answer });
    answer.catch(() => {
      if (known.get(key)?.answer !== answer) return;
      if (failureAge === 0) known.delete(key);
      else known.set(key, { until: parts.clock() + failureAge, answer });
    });
    return answer;
  };
};

const most = 10_000;
