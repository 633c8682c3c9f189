import type { Clock } from "../../lib/clock.ts";

/** Those who wait for a message (long polling). */
export interface Waiters {
  /** Lets all of them look again. */
  wake(): void;
  wait(options: Wait): Promise<void>;
}

export interface Wait {
  readonly milliseconds: number;
  readonly gone: AbortSignal | undefined;
  /** When the next hidden message comes back, Unix milliseconds. */
  due(): number | undefined;
  /** Shows what is due, which wakes us. */
  promote(): void;
}

export const createWaiters = (clock: Clock): Waiters => {
  const waiting = new Set<() => void>();
  return {
    wake() {
      for (const resume of [...waiting]) resume();
    },
    wait: ({ milliseconds, gone, due, promote }) =>
      new Promise((resolve) => {
        let stopLooking = () => {};
        const end = () => {
          waiting.delete(end);
          stopTimeout();
          stopLooking();
          gone?.removeEventListener("abort", end);
          resolve();
        };
        const look = () => {
          const next = due();
          if (next === undefined || !waiting.has(end)) return;
          stopLooking = clock.after(Math.max(0, next - clock.now()), () => {
            promote();
            look();
          });
        };
        const stopTimeout = clock.after(milliseconds, end);
        gone?.addEventListener("abort", end);
        waiting.add(end);
        look();
      }),
  };
};
