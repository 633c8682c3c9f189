import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { clientDefaults } from "../lib/aws.ts";
import { inFlight } from "../lib/inflight.ts";
import { compressGroup } from "../lib/pool/body.ts";
import { groupItem, holdsStill } from "../lib/pool/item.ts";
import { createClient, createTable } from "../lib/table/dynamodb.ts";
import { namesIn } from "../lib/table/expression.ts";
import type { TargetGroup } from "../lib/targetgroup/targetgroup.ts";
import { type EmbeddedTable, withEmbeddedTable } from "./support/embeddedtable.ts";
import type { About, Figure } from "./support/figure.ts";
import { podGroups } from "./support/groups.ts";
import { createMemoryClient } from "./support/memoryclient.ts";
import { bodyOf, createReducing, eventsOf, writesUnderWay } from "./support/reducer.ts";
import { wholeNumber } from "./support/settings.ts";
import { median, spreadOf } from "./support/statistics.ts";

export const about: About = {
  says: "How many events a second the reducer brings into the pool: in memory, and into the local table beside bare conditional writes.",
  minutes: 1.5,
};

/**
 * History included. In memory a faked table client answers at once; the local run's table takes the same conditional writes in turn
 * from a reducer and straight from an SDK client, as many under way. `ROLLCALL_BENCH_PODS`.
 */
export const bench = async (): Promise<Figure[]> => {
  const count = wholeNumber("ROLLCALL_BENCH_PODS", 20_000);
  const written = Math.ceil(count / 5);
  const groups = podGroups(count);
  const memory = await inMemory(groups);
  const { ours, bare } = await besideBareWrites(groups.slice(0, written));
  return [
    {
      ...rate("events reduced in memory", count, memory),
      target: { least: 20_000, says: "at least 20,000 a second" },
    },
    {
      ...rate("events reduced into the local table", written, ours),
      floor: Math.round(median(bare)),
      target: { least: Math.round(0.8 * median(bare)), says: "at least 80 % of bare conditional writes" },
    },
  ];
};

const runs = 5;

const rate = (name: string, pods: number, rates: readonly number[]): Figure => ({
  ...{ name, unit: "/s", at: `${pods.toLocaleString("en-US")} pods`, ours: Math.round(median(rates)) },
  spread: spreadOf(rates.map(Math.round)),
});

const timed = async (events: number, work: () => Promise<void>): Promise<number> => {
  const began = performance.now();
  await work();
  return (events / (performance.now() - began)) * 1000;
};

/** Each run with an empty table; the first warms up and is left out. */
const inMemory = async (groups: readonly TargetGroup[]): Promise<number[]> => {
  const bodies = eventsOf(groups, { provider: providerOf(0), epoch: epoch() }).map(bodyOf);
  const rates: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const reduce = createReducing(createTable("memory", { client: createMemoryClient() }));
    rates.push(await timed(bodies.length, () => reduce(bodies)));
  }
  return rates.slice(1);
};

/**
 * In turn, each run under a provider of its own; the first of each warms up and is left out. Clients are new each time: the table
 * closes connections that were idle during the other's run, and a client that notices too late fails with all of them at once.
 */
const besideBareWrites = (groups: readonly TargetGroup[]) =>
  withEmbeddedTable(async ({ name, place }: EmbeddedTable) => {
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let run = 0; run <= runs; run += 1) {
      const own = createClient(place);
      const reduce = createReducing(createTable(name, { client: own }));
      const bodies = eventsOf(groups, { provider: providerOf(2 * run), epoch: epoch() }).map(bodyOf);
      ours.push(await timed(bodies.length, () => reduce(bodies)));
      own.destroy();
      const straight = new DynamoDBClient({ ...clientDefaults, ...place });
      const writes = writesOf(groups, providerOf(2 * run + 1), name);
      bare.push(await timed(writes.length, () => write(straight, writes)));
      straight.destroy();
    }
    return { ours: ours.slice(1), bare: bare.slice(1) };
  });

const providerOf = (run: number) => `kubernetes/${run.toString(16).padStart(12, "0")}`;
const epoch = () => Math.floor(Date.now() / 1000);

/** What the reducer writes of sources of which nothing is held. */
const writesOf = (groups: readonly TargetGroup[], provider: string, TableName: string): PutItemCommand[] =>
  eventsOf(groups, { provider, epoch: epoch() }).map((event, at) => {
    const group = groups[at]!;
    const { source, targets } = group;
    const place = { body: compressGroup(group) };
    const { condition } = holdsStill(undefined);
    return new PutItemCommand({
      TableName,
      Item: groupItem({ event, source, targets: targets.length, place, moved: Date.now() }),
      ConditionExpression: condition,
      ExpressionAttributeNames: namesIn(condition),
    });
  });

const write = async (client: DynamoDBClient, writes: readonly PutItemCommand[]): Promise<void> => {
  await inFlight(writesUnderWay, writes, (one) => client.send(one));
};
