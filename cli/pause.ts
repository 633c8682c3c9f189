import type { Io } from "./command.ts";

/** Waits so many milliseconds, or until the command is stopped. */
export const pause = (
  { clock, stopped }: Pick<Io, "clock" | "stopped">,
  milliseconds: number,
): Promise<void> =>
  new Promise((resolve) => {
    if (stopped.aborted) return resolve();
    // The clock's alarms never keep a process alive; here waiting is what it is alive for.
    const alive = setInterval(() => undefined, 2 ** 30);
    const end = () => {
      clearInterval(alive);
      cancel();
      stopped.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(milliseconds, end);
    stopped.addEventListener("abort", end);
  });
