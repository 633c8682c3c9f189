import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResultEntry,
} from "@aws-sdk/client-eventbridge";
import { clientDefaults, equip } from "../aws.ts";
import { type Backoff, jitteredBackoff } from "../backoff.ts";
import { TransientError } from "../errors.ts";
import { inFlight } from "../inflight.ts";
import { eventSource } from "../targetgroup/event.ts";
import type { Bus, BusEntry } from "./bus.ts";

export interface EventBridgeBusOptions {
  /** One per process if none is given. */
  readonly client?: EventBridgeClient;
  /** Between the tries of an entry that the bus failed. */
  readonly backoff?: Backoff;
  /** Told how many entries of a request EventBridge failed; they are put again. */
  readonly failed?: (entries: number) => void;
}

/**
 * A bus on EventBridge. PutEvents succeeds as a request while single entries fail, so each answer is read entry by
 * entry and the failed ones are put again, one by one.
 */
export const createEventBridgeBus = (name: string, options: EventBridgeBusOptions = {}): Bus => {
  const client = options.client ?? sharedClient();
  const backoff = options.backoff ?? jitteredBackoff({ first: 100, most: 2_000 });
  const put = async (entries: readonly PutEventsRequestEntry[]): Promise<Failure[]> => {
    const answer = await client.send(new PutEventsCommand({ Entries: [...entries] }));
    const failures = failuresOf(entries, answer.Entries ?? []);
    if (failures.length > 0) options.failed?.(failures.length);
    return failures;
  };
  const putAgain = async (failure: Failure): Promise<Failure[]> => {
    let latest = failure;
    for (let attempt = 1; attempt <= mostRetries; attempt++) {
      await backoff(attempt);
      const [failed] = await put([latest.entry]);
      if (failed === undefined) return [];
      latest = failed;
    }
    return [latest];
  };
  return {
    put: async (entries) => {
      const packs = packsOf(entries.map((entry) => awsEntry(name, entry)));
      const failed = (await inFlight(requestsUnderWay, packs, put)).flat();
      const lost = (await inFlight(requestsUnderWay, failed, putAgain)).flat();
      if (lost.length === 0) return;
      const { code, message } = lost[0]!;
      throw new TransientError(
        `EventBridge ${name} failed ${lost.length} of ${entries.length} entries: ${code}: ${message}`,
      );
    },
  };
};

/** A client of ours: bounded, and its failures classified. */
export const createClient = (config: ConstructorParameters<typeof EventBridgeClient>[0] = {}) => {
  const client = new EventBridgeClient({ ...clientDefaults, ...config });
  equip(client.middlewareStack, "EventBridge");
  return client;
};

let shared: EventBridgeClient | undefined;

const sharedClient = () => {
  shared ??= createClient();
  return shared;
};

const mostRetries = 4;
const requestsUnderWay = 8;

/** What one PutEvents takes. */
const mostEntries = 10;
const mostBytes = 256 * 1024;

interface Failure {
  readonly entry: PutEventsRequestEntry;
  readonly code: string;
  readonly message: string;
}

/** An entry without an answer is taken for failed: putting it twice is harmless, losing it is not. */
const failuresOf = (
  entries: readonly PutEventsRequestEntry[],
  answers: readonly PutEventsResultEntry[],
): Failure[] =>
  entries.flatMap((entry, at) => {
    const answer = answers[at];
    if (answer?.EventId !== undefined && answer.ErrorCode === undefined) return [];
    return [
      { entry, code: answer?.ErrorCode ?? "NoAnswer", message: answer?.ErrorMessage ?? "no reason given" },
    ];
  });

const awsEntry = (bus: string, { detailType, detail }: BusEntry): PutEventsRequestEntry => ({
  EventBusName: bus,
  Source: eventSource,
  DetailType: detailType,
  Detail: JSON.stringify(detail),
});

/** In order, each pack as full as the limits allow. */
const packsOf = (entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] => {
  const packs: PutEventsRequestEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const size = sizeOf(entry);
    if (size > mostBytes) throw new Error(tooLarge(entry, size));
    const pack = packs.at(-1);
    if (pack === undefined || pack.length === mostEntries || size > room) {
      packs.push([entry]);
      room = mostBytes - size;
    } else {
      pack.push(entry);
      room -= size;
    }
  }
  return packs;
};

/** As AWS counts: the UTF-8 bytes of source, detail type and detail; we send no time and no resources. */
const sizeOf = ({ Source = "", DetailType = "", Detail = "" }: PutEventsRequestEntry) =>
  Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);

const tooLarge = ({ DetailType, Detail = "" }: PutEventsRequestEntry, size: number) =>
  `"${DetailType}" entry of ${size} bytes exceeds EventBridge's ${mostBytes}; it begins ${Detail.slice(0, 200)}`;
