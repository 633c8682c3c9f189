import type { Json } from "../../fakes/meddler.ts";
import type { AwsFault } from "./door.ts";
import { type FaultKind, type PromiseNumber, pause } from "./fault.ts";

interface Meddling extends AwsFault {
  readonly name: string;
  readonly where: "bus" | "queue" | "table";
  readonly promises: readonly PromiseNumber[];
}

/** The service answers wrongly for a while. */
const meddling = ({ name, where, promises, ...fault }: Meddling): FaultKind => ({
  name,
  where,
  promises,
  befall: async ({ door, length }) => {
    const end = door.set(fault);
    await pause(length());
    return end();
  },
});

const toBus = (operation: string) => operation === "PutEvents";
const toTable = (operation: string) => !toBus(operation) && !/^(Send|Receive|Delete)Message/.test(operation);
const isWrite = (operation: string) =>
  /^(Put|Update|Delete|BatchWrite|TransactWrite)/.test(operation) && !toBus(operation);
/** By which a reducer tells readers, after it has applied a batch: its messages come again though they were applied. */
const toldReaders = (operation: string, input: Json) =>
  operation === "UpdateItem" && String(input.UpdateExpression).startsWith("ADD #n");

const busFaults: readonly Meddling[] = (
  [
    ["events are lost", { share: 0.3, effect: { kind: "fate", fate: "lost" } }, [5]],
    ["events come twice", { share: 0.5, effect: { kind: "fate", fate: "twice" } }, [1, 2]],
    ["events come up to 20 s late", { share: 0.3, effect: { kind: "fate", fate: "late" } }, [1, 2]],
    ["events change places", { share: 1, effect: { kind: "fate", fate: "reordered" } }, [1, 2]],
    ["entries are refused", { share: 0.4, effect: { kind: "fate", fate: "refused" } }, [5]],
    [
      "entries are taken and called refused",
      { share: 0.4, effect: { kind: "fate", fate: "taken, yet refused" } },
      [1],
    ],
    [
      "requests fail (500)",
      { hits: toBus, share: 0.7, effect: { kind: "answer", status: 500, type: "InternalException" } },
      [5],
    ],
    [
      "requests are throttled",
      { hits: toBus, share: 0.7, effect: { kind: "answer", status: 400, type: "ThrottlingException" } },
      [5],
    ],
    ["requests get no answer", { hits: toBus, share: 0.7, effect: { kind: "hang" } }, [5]],
    ["answers get lost", { hits: toBus, share: 0.7, effect: { kind: "answer lost" } }, [1, 5]],
  ] satisfies [string, AwsFault, PromiseNumber[]][]
).map(([name, fault, promises]) => ({ ...fault, name, where: "bus", promises }));

const tableFaults: readonly Meddling[] = (
  [
    [
      "requests are throttled",
      {
        hits: toTable,
        share: 0.6,
        effect: { kind: "answer", status: 400, type: "ProvisionedThroughputExceededException" },
      },
      [5],
    ],
    [
      "requests fail (500)",
      { hits: toTable, share: 0.6, effect: { kind: "answer", status: 500, type: "InternalServerError" } },
      [5],
    ],
    [
      "every write is refused",
      { hits: isWrite, share: 1, effect: { kind: "answer", status: 400, type: "RequestLimitExceeded" } },
      [5],
    ],
    [
      "writes are done and their answers lost",
      { hits: isWrite, share: 0.5, effect: { kind: "answer lost" } },
      [1, 2],
    ],
    ["requests get no answer", { hits: toTable, share: 0.4, effect: { kind: "hang" } }, [5]],
    ["connections break", { hits: toTable, share: 0.6, effect: { kind: "reset" } }, [5]],
    [
      "answers take two seconds",
      { hits: toTable, share: 0.5, effect: { kind: "slow", milliseconds: 2_000 } },
      [5],
    ],
  ] satisfies [string, AwsFault, PromiseNumber[]][]
).map(([name, fault, promises]) => ({ ...fault, name, where: "table", promises }));

export const awsFaults: readonly FaultKind[] = [
  ...[...busFaults, ...tableFaults].map(meddling),
  meddling({
    name: "applied messages come again",
    where: "queue",
    promises: [1, 2],
    hits: toldReaders,
    share: 1,
    effect: { kind: "answer", status: 500, type: "InternalServerError" },
  }),
  {
    name: "old events come once more",
    where: "queue",
    promises: [1, 2],
    befall: ({ door }) => door.bus.replay(50),
  },
];
