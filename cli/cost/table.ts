import { shardCount } from "../../lib/pool/item.ts";
import { type Line, monthSeconds, type Rates } from "./rates.ts";
import { sizes, type Workload } from "./workload.ts";

/** What the table is asked, and holds (infra/table.yml). */
export const table = (rates: Rates): Line[] => [
  ...poolLines(rates),
  ...keepingUp(rates),
  ...serving(rates),
  ...storage(rates),
];

const writeUnits = (bytes: number) => Math.ceil(bytes / 1024);
const readUnits = (bytes: number) => Math.max(1, Math.ceil(bytes / 4096));

/** Of queries whose partitions hold so many bytes on average, some more and some less: each is rounded up by itself. */
const spreadUnits = (bytes: number) => Math.max(1, bytes / 4096 + 0.5);

/** Of reading a provider's whole index: each partition is a query of its own (lib/pool/read.ts). */
export const indexReads = ({ pods }: Workload) =>
  shardCount * spreadUnits((pods / shardCount) * sizes.indexed);

/** Of reading all providers' records, a query (lib/pool/dynamodb.ts). */
const recordReads = ({ clusters }: Workload) => readUnits(clusters * sizes.record);

const poolLines = ({ changes, batches, perBatch, clusters, isFollowed, history, seconds }: Rates): Line[] => {
  const service = "DynamoDB";
  const isKept = history > 0;
  // A batch has one provider's changes after a look, anybody's under relays; each is told of once (lib/reduce/batch.ts).
  const providers = isFollowed ? Math.min(perBatch, clusters) : 1;
  return [
    // The item, and in the index what it was away and what it is in: `moved` is the index's key.
    { service, item: "pool", unit: "writes", units: changes * (writeUnits(sizes.group) + 2) },
    { service, item: "generations", unit: "writes", units: batches * providers },
    // One record in ten seconds at most (lib/reduce/batch.ts).
    { service, item: "reducer's lag", unit: "writes", units: Math.min(batches, seconds / 10) },
    // An entry of the log and its line in the index; what was held is read for it (lib/history/record.ts). Expiry is free.
    {
      service,
      item: "history",
      unit: "writes",
      units: isKept ? changes * (writeUnits(sizes.change) + 1) : 0,
    },
    { service, item: "history", unit: "reads", units: isKept ? changes * readUnits(sizes.group) : 0 },
  ];
};

const keepingUp = (rates: Rates): Line[] => {
  const { clusters, looks, relays, isFollowed, seconds, churn, pods } = rates;
  const service = "DynamoDB";
  const followed = isFollowed ? clusters : 0;
  const [index, records] = [indexReads(rates), recordReads(rates)];
  const shared = followed / Math.max(1, relays);
  // Records are written every ten seconds while counts move, else every thirty (lib/relay/recordstate.ts).
  const recordEvery = churn * pods > 0 ? 10 : 30;
  return [
    // Taken and given back, and the record of each look (lib/announce/due.ts, look.ts).
    { service, item: "looks", unit: "writes", units: looks * 3 },
    // The lease, the plan, twice whether a rebuild is asked for, all records, the index.
    { service, item: "looks", unit: "reads", units: looks * (4 + records + index) },
    // Renewed every third of 15 s (lib/lease/hold.ts); the records.
    {
      service,
      item: "relays",
      unit: "writes",
      units: (followed * seconds) / 5 + (followed * seconds) / recordEvery,
    },
    // The plan every 2 s and the rebuilds every 5 s, at most once a second for all clusters of a relay (lib/relay/oversee.ts).
    {
      service,
      item: "relays",
      unit: "reads",
      units: relays * seconds * (Math.min(1, shared / 2) + Math.min(1, shared / 5)),
    },
    // The lag, the records, the rebuilds, the index every 220 s (lib/relay/check.ts).
    {
      service,
      item: "full checks",
      unit: "reads",
      units: ((followed * seconds) / 220) * (2 + records + index),
    },
    // The time of the last reload (lib/tick/tick.ts); what was accepted twice, its key, plan, terms, lag, reload, records, leases.
    { service, item: "ticks", unit: "writes", units: seconds / 60 },
    { service, item: "ticks", unit: "reads", units: (seconds / 60) * (7 + records + followed) },
  ];
};

/** Held at the end of a month like this one; an item and a line of an index take 100 bytes more than they hold. */
const storage = ({ clusters, pods, changes, seconds, history }: Rates): Line[] => {
  const service = "DynamoDB";
  const groups = clusters * pods * (sizes.group + sizes.indexed + 200);
  const kept = (changes / seconds) * history * 86_400 * (sizes.change + sizes.changeIndexed + 200);
  const units = ((groups + kept) * seconds) / monthSeconds;
  return [
    { service, item: "table", unit: "stored", units },
    { service, item: "backups", unit: "backedUp", units },
  ];
};

const serving = (rates: Rates): Line[] => {
  const { scrapers, shards, interval, seconds } = rates;
  const { asking, moved, kept } = viewReads(rates);
  return [
    { service: "DynamoDB", item: "serving", unit: "reads", units: asking + moved + kept },
    // A mark a minute and reader at most (lib/readers/recorder.ts).
    {
      service: "DynamoDB",
      item: "readers' marks",
      unit: "writes",
      units: (scrapers * shards * seconds) / Math.max(60, interval),
    },
  ];
};

/** An instance of `serve` lives so long, as a guess: AWS does not say. */
const instanceSeconds = 7_200;

/** What `serve` reads to keep its view warm (lib/pool/view.ts): to know whether anything moved, what did, and all of it now and then. */
export const viewReads = (rates: Rates) => {
  const { clusters, pods, changes, reads, instances, seconds } = rates;
  // The plan, the records, and the generation of each provider.
  const asking = reads * (1 + recordReads(rates) + clusters);
  // Of a cluster since the instance's last read; and with the 30 s of overlap.
  const apart = (instances * seconds) / Math.max(reads, 1);
  const perSecond = changes / clusters / seconds;
  const movedAtAll = reads * clusters * (1 - Math.exp(-perSecond * apart));
  const movedPages = shardCount * spreadUnits((perSecond * (apart + 30) * sizes.indexed) / shardCount);
  const bodies = reads === 0 ? 0 : changes * instances * readUnits(sizes.group);
  // The whole index every five minutes; everything when an instance is new.
  const checks = reads === 0 ? 0 : ((instances * seconds) / 300) * clusters * indexReads(rates);
  const whole = shardCount * spreadUnits((pods / shardCount) * sizes.group);
  const fills = reads === 0 ? 0 : ((instances * seconds) / instanceSeconds) * clusters * whole;
  return { asking, moved: movedAtAll * movedPages + bodies, kept: checks + fills };
};
