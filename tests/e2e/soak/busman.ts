import type { PutEventsCommandOutput, PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { createClient } from "../../../lib/bus/eventbridge.ts";
import { targetGroupChanged } from "../../../lib/targetgroup/event.ts";
import type { Fate } from "../../fakes/fate.ts";
import type { Answer, Json } from "../../fakes/meddler.ts";

/** `reordered`: entries of one request go on by themselves, each a moment later than it came. */
export type BusFate = Exclude<Fate, "at once"> | "reordered";

export interface Fated {
  readonly fate: BusFate;
  /** Of the entries. */
  readonly share: number;
  /** Told of each event that it befalls. */
  readonly hit: () => void;
}

type Entry = PutEventsRequestEntry;

/** Hands on what is put on the bus, as the fates will. */
export interface Busman {
  /** Undefined: the request goes on as it is. */
  put(input: Json, fated?: Fated): Promise<Answer | undefined>;
  /** Puts so many events of the past once more, picked by chance; returns how many. */
  replay(count: number): Promise<number>;
  /** Puts an entry of the caller's own. */
  send(entry: Entry): Promise<void>;
  /** A group's event of the past, as it was put; undefined when there was none yet. */
  sample(): Entry | undefined;
}

export const createBusman = (options: {
  random: () => number;
  environment: () => Promise<Readonly<Record<string, string>>>;
}): Busman => {
  const { random, environment } = options;
  const past: Entry[] = [];
  const pick = () => past[Math.floor(random() * past.length)];
  const put = async (entries: readonly Entry[]): Promise<PutEventsCommandOutput | undefined> => {
    if (entries.length === 0) return undefined;
    const client = clientFor(await environment());
    try {
      return await client.send(new PutEventsCommand({ Entries: [...entries] }));
    } finally {
      client.destroy();
    }
  };
  /** Whoever is late may find nobody there any more. */
  const putLater = (entry: Entry, milliseconds: number) =>
    setTimeout(() => void put([entry]).catch(() => undefined), milliseconds).unref();
  const taken = () => ({ EventId: crypto.randomUUID() });
  const befall = (entry: Entry, { fate, hit }: Fated): Fatum => {
    hit();
    if (fate === "lost") return { now: false, answer: taken() };
    if (fate === "refused") return { now: false, answer: refusal };
    if (fate === "taken, yet refused") return { now: true, answer: refusal };
    const wait = fate === "late" ? 20_000 : 1_500;
    putLater(entry, random() * wait);
    return { now: fate === "twice", answer: taken() };
  };
  return {
    put: async (input, fated) => {
      const { Entries } = request.parse(input);
      remember(past, Entries);
      if (fated === undefined) return undefined;
      const fata = Entries.map((entry): Fatum => {
        const isHit = entry.DetailType === targetGroupChanged && random() < fated.share;
        return isHit ? befall(entry, fated) : { now: true, answer: taken() };
      });
      await put(Entries.filter((_, at) => fata[at]?.now));
      const answers = fata.map(({ answer }) => answer);
      const failed = answers.filter((answer) => "ErrorCode" in answer).length;
      return { status: 200, type: "", body: { FailedEntryCount: failed, Entries: answers } };
    },
    replay: async (count) => {
      const picked = Array.from({ length: count }, pick).filter((entry) => entry !== undefined);
      for (let from = 0; from < picked.length; from += 10) await put(picked.slice(from, from + 10));
      return picked.length;
    },
    send: async (entry) => void (await put([entry])),
    sample: pick,
  };
};

interface Fatum {
  /** Whether the bus gets it at once. */
  readonly now: boolean;
  readonly answer: { readonly EventId: string } | typeof refusal;
}

const refusal = { ErrorCode: "InternalFailure", ErrorMessage: "as the soak wants it" };

const request = z.object({
  Entries: z.array(
    z.object({
      EventBusName: z.string(),
      Source: z.string(),
      DetailType: z.string(),
      Detail: z.string(),
    }),
  ),
});

/** Minutes of the past at twenty changes a second, though not for ever. */
const mostPast = 10_000;

const remember = (past: Entry[], entries: readonly Entry[]) => {
  past.push(...entries.filter(({ DetailType }) => DetailType === targetGroupChanged));
  if (past.length > 2 * mostPast) past.splice(0, past.length - mostPast);
};

/** Not through the door. */
const clientFor = (environment: Readonly<Record<string, string>>) =>
  createClient({
    endpoint: environment.AWS_ENDPOINT_URL ?? "",
    region: environment.AWS_REGION ?? "",
    credentials: credentialsIn(environment),
  });

export const credentialsIn = (environment: Readonly<Record<string, string>>) => ({
  accessKeyId: environment.AWS_ACCESS_KEY_ID ?? "",
  secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? "",
});
