import type { Fault, FaultRule } from "../../../local/demo/faults.ts";
import { faultCases } from "../local/faultcases.ts";
import { breaks } from "../relay/breaks.ts";
import { type Cluster, type FaultKind, pause, type Stage } from "./fault.ts";

const status = (code: number, retryAfterSeconds?: number): Fault => ({
  kind: "status",
  code,
  ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
});

/** One of the two clusters. */
const chosen = ({ random, followed, looked }: Stage): Cluster => (random() < 2 / 3 ? followed : looked);

/** Answers are wrong for a while; watches that are open are cut first, so that they meet it. */
const answering = (name: string, rule: FaultRule): FaultKind => ({
  name,
  where: "API server",
  promises: [3, 5],
  befall: async (stage) => {
    const { server } =
      rule.on === "watch" ? stage.followed : rule.on === "list" ? stage.looked : chosen(stage);
    const fault = server.faults.set(rule);
    const cut = server.dropWatches();
    await pause(stage.length());
    // The schedule looks every ten seconds.
    for (let waited = 0; fault.hits() === 0 && waited < 12_000; waited += 500) await pause(500);
    fault.remove();
    return fault.hits() + cut;
  },
});

/** Something happens to watches, which only a relay has. */
const happening = (
  name: string,
  act: (cluster: Cluster, stage: Stage) => Promise<number> | number,
): FaultKind => ({
  name,
  where: "API server",
  promises: [3, 5],
  befall: (stage) => Promise.resolve(act(stage.followed, stage)),
});

const cutWatches = happening("watches are cut, again and again", async ({ server }, { length }) => {
  const until = Date.now() + length();
  let cut = 0;
  while (Date.now() < until) {
    cut += server.dropWatches();
    await pause(300);
  }
  return cut;
});

/** The versions that watches were at are forgotten, and the watches cut before a bookmark could say so. */
const forgotten = (expired: "event" | "status") =>
  happening(
    `versions are forgotten, told by ${expired === "event" ? "an event" : "a status"} (410)`,
    async ({ server }, { length }) => {
      server.behaviour.expired = expired;
      const fault = server.faults.set({ on: "watch", fault: status(503) });
      const cut = server.dropWatches();
      await pause(length());
      server.compact();
      fault.remove();
      return cut;
    },
  );

const withoutBookmarks = happening(
  "no bookmarks, and versions are forgotten",
  async ({ server }, { length }) => {
    const before = server.behaviour.bookmarkMilliseconds;
    server.behaviour.bookmarkMilliseconds = 3_600_000;
    let cut = server.dropWatches();
    await pause(length());
    server.compact();
    cut += server.dropWatches();
    await pause(1_000);
    server.behaviour.bookmarkMilliseconds = before;
    return cut + server.dropWatches();
  },
);

/** What the suites `local` and `relay` know, and what a long run adds. */
export const apiFaults: readonly FaultKind[] = [
  ...faultCases
    .filter(({ on }) => on !== "page")
    .map(({ name, on, fault }) => answering(name, { ...(on && { on }), fault })),
  ...breaks
    .filter(({ on }) => on === "watch")
    .map(({ name, on, fault }) => answering(`a watch with ${name}`, { ...(on && { on }), fault })),
  answering("a refusal (403)", { on: ["watch", "list"], fault: status(403) }),
  answering("too many requests (429), with Retry-After", { fault: status(429, 1) }),
  answering("unavailable (503)", { fault: status(503) }),
  answering("a gateway that times out (504), lists only", { on: "list", fault: status(504) }),
  answering("no answer at all", { fault: { kind: "stall", bytes: 0 } }),
  answering("an answer that stops in its middle", { fault: { kind: "stall", bytes: 3_000 } }),
  answering("a slow answer", { fault: { kind: "slow", bytes: 2_000, everyMilliseconds: 100 } }),
  answering("connections that break at once", { fault: { kind: "reset", bytes: 0 } }),
  answering("an event of no known type", {
    on: "watch",
    fault: { kind: "inject", text: '{"type":"MOVED","object":{}}\n' },
  }),
  answering("bytes that are no text", {
    on: "watch",
    fault: { kind: "inject", text: "\u0000\ufffd\u0007\n" },
  }),
  cutWatches,
  forgotten("event"),
  forgotten("status"),
  withoutBookmarks,
];
