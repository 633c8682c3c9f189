import { setTimeout as sleep } from "node:timers/promises";
import { type ControlPlane, type Manifest, pathOf } from "../../tests/e2e/control-plane.ts";

/** Gives the next pod in turn an address that no pod had before. */
export type Move = () => Moved;

export interface Moved {
  /** Every list that shows the change has this text in it, and no list before. */
  readonly marker: string;
  /** Settles with the API server's answer. */
  readonly patched: Promise<unknown>;
}

export const createMove = (plane: ControlPlane, pods: readonly Manifest[]): Move => {
  let moves = 0;
  return () => {
    const ip = `127.${200 + (moves >> 16)}.${(moves >> 8) & 255}.${moves & 255}`;
    const pod = pods[moves % pods.length]!;
    moves += 1;
    const body = { status: { podIP: ip, podIPs: [{ ip }] } };
    return { marker: `"${ip}:8080"`, patched: plane.ask("PATCH", `${pathOf(pod)}/status`, body) };
  };
};

export interface Timing {
  readonly move: Move;
  readonly changes: number;
  /** Milliseconds until the next change; changes do not wait for each other. */
  readonly gap: () => number;
  /** The list as text, again and again. */
  readonly read: () => Promise<string>;
  /** Milliseconds between the end of one reading and the beginning of the next. */
  readonly pause: number;
}

export interface Timed {
  /** Milliseconds from sending a patch until a list that was read showed it, of those that were seen. */
  readonly seen: readonly number[];
  readonly unseen: number;
  /** Of the last list. */
  readonly bytes: number;
}

/**
 * An open loop: the changes come when they come, whoever is slow. One that nobody has seen half a minute after the last
 * of all, or before its pod moved again, was missed.
 */
export const timeChanges = async ({ move, changes, gap, read, pause }: Timing): Promise<Timed> => {
  const waiting = new Map<string, number>();
  const moving = moveAll({ move, changes, gap, sent: (marker) => waiting.set(marker, performance.now()) });
  let until = Number.POSITIVE_INFINITY;
  const ended = moving.finally(() => {
    until = performance.now() + patience;
  });
  const seen: number[] = [];
  let text = "";
  while (performance.now() < until && (until === Number.POSITIVE_INFINITY || waiting.size > 0)) {
    text = await read();
    const now = performance.now();
    for (const [marker, sent] of waiting) {
      if (!text.includes(marker)) continue;
      seen.push(now - sent);
      waiting.delete(marker);
    }
    await sleep(pause);
  }
  await ended;
  return { seen, unseen: waiting.size, bytes: text.length };
};

const patience = 30_000;

/** The changes alone; `sent` hears of each as its patch is sent. */
export const moveAll = async ({
  move,
  changes,
  gap,
  sent,
}: Omit<Timing, "read" | "pause"> & { sent: (marker: string) => void }) => {
  const failures: unknown[] = [];
  const patches: Promise<unknown>[] = [];
  let due = performance.now();
  for (let index = 0; index < changes && failures.length === 0; index += 1) {
    await sleep(Math.max(0, due - performance.now()));
    const { marker, patched } = move();
    sent(marker);
    patches.push(patched.catch((error) => failures.push(error)));
    due += gap();
  }
  await Promise.all(patches);
  if (failures.length > 0) throw failures[0];
};
