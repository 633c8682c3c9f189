import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as z from "zod";
import type { Move } from "./changes.ts";

/** Demo API servers, in a process of their own. */
export interface DemoClusters {
  readonly servers: readonly { readonly url: string; readonly token: string }[];
  /** Gives the next moving pod of the next cluster an address that no pod had before. */
  readonly move: Move;
  /** Watches that are open, and what was asked since this was asked before. */
  asked(): Promise<z.infer<typeof seen>>;
  stop(): void;
}

export const startDemoClusters = async (size: {
  readonly clusters: number;
  readonly pods: number;
  readonly moving: number;
}): Promise<DemoClusters> => {
  const { clusters, pods, moving } = size;
  const child = fork(join(import.meta.dirname, "alone", "clusters.ts"), [clusters, pods, moving].map(String));
  const [first] = await once(child, "message");
  const { servers } = started.parse(first);
  let moves = 0;
  const move: Move = () => {
    const ip = `127.${200 + (moves >> 16)}.${(moves >> 8) & 255}.${moves & 255}`;
    const place = { server: moves % clusters, pod: Math.floor(moves / clusters) % moving };
    moves += 1;
    child.send({ ...place, ip });
    return { marker: `"${ip}:8080"`, patched: Promise.resolve() };
  };
  const asked = async () => {
    child.send({});
    return seen.parse((await once(child, "message"))[0]);
  };
  return { servers, move, asked, stop: () => void child.kill() };
};

const started = z.object({ servers: z.array(z.object({ url: z.string(), token: z.string() })).min(1) });
const seen = z.object({ watches: z.number(), lists: z.number(), requests: z.number() });
