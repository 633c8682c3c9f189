import { parseDuration } from "../../lib/config/duration.ts";
import { followModes } from "../../lib/config/settings.ts";
import { type Command, type Given, type Io, UsageError } from "../command.ts";
import { type Bill, billOf } from "../cost/bill.ts";
import { priceList } from "../cost/prices.ts";
import { unitsOf } from "../cost/units.ts";
import { leastShards, listBytes, type Workload } from "../cost/workload.ts";
import { writeAnswer } from "../output/answer.ts";
import { table } from "../output/table.ts";

/** `rollcall cost`: what a deployment would use and cost a month. */
export const cost: Command = {
  name: "cost",
  summary: "estimate what a deployment on AWS costs a month, by what it is for",
  options: {
    clusters: { kind: "text", value: "NUMBER", about: "clusters that are looked at; needed" },
    pods: { kind: "text", value: "NUMBER", about: "running pods of each cluster; needed" },
    churn: {
      kind: "text",
      value: "PERCENT",
      about: "pods that change a minute, of a hundred; 1 unless given",
    },
    scrapers: {
      kind: "text",
      value: "NUMBER",
      about: "who each read all targets; 1 unless given",
    },
    shards: { kind: "text", value: "NUMBER", about: "parts in which each of them reads; 1 unless given" },
    interval: { kind: "text", value: "DURATION", about: "between two reads of a list; 60s unless given" },
    relabel: { kind: "flag", about: "final targets are read (?relabel=true), not raw ones" },
    ports: { kind: "text", value: "NUMBER", about: "ports of a pod, each a target; 2 unless given" },
    follow: { kind: "text", value: "MODE", values: followModes, about: "schedule unless given" },
    every: { kind: "text", value: "DURATION", about: "between two looks on the schedule; 60s unless given" },
    history: { kind: "text", value: "DURATION", about: "how long it is kept; 7d unless given, 0 for none" },
  },
  details:
    "Adds up what the deployed functions ask of AWS and what AWS asks for it, in US dollars without free tiers: docs/cost.md says\nhow, and what is left out. Ends with 1 when the lists would not arrive in time and be refused.",
  asksNobody: true,
  run: async (given, io) => {
    const workload = workloadIn(given);
    const bill = billOf(unitsOf(workload));
    const least = leastShards(workload);
    const list = { bytes: Math.round(listBytes(workload)), leastShards: least };
    const { region, date } = priceList;
    writeAnswer({ given, io }, { workload, prices: { region, date }, list, ...bill }, () =>
      asTable(bill, io),
    );
    if (least <= workload.shards) return 0;
    const megabytes = Math.ceil(list.bytes / 1e6);
    io.err.write(
      `a list of ${megabytes} MB does not arrive in time and is refused (413): --shards ${least}${workload.relabel ? "" : ", or --relabel"}\n`,
    );
    return 1;
  },
};

const workloadIn = (given: Given): Workload => {
  const whole = (option: string, otherwise?: number) => wholeIn(option, given.text(option), otherwise);
  const seconds = (option: string, otherwise: string) => secondsIn(option, given.text(option) ?? otherwise);
  const [interval, every] = [seconds("interval", "60s"), seconds("every", "60s")];
  if (interval < 1 || every < 1) throw new UsageError("--interval and --every: expected 1s or more");
  return {
    clusters: whole("clusters"),
    pods: whole("pods"),
    targetsPerPod: whole("ports", 2),
    churn: percentIn(given.text("churn") ?? "1"),
    scrapers: whole("scrapers", 1),
    shards: whole("shards", 1),
    interval,
    relabel: given.flag("relabel"),
    follow: given.text("follow") === "relay" ? "relay" : "schedule",
    every,
    history: seconds("history", "7d") / 86_400,
  };
};

const wholeIn = (option: string, text: string | undefined, otherwise: number | undefined): number => {
  if (text === undefined && otherwise !== undefined) return otherwise;
  if (text === undefined) throw new UsageError(`cost needs --${option} NUMBER`);
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} ${text}: expected a whole number from 1 to 999999`);
};

const percentIn = (text: string): number => {
  if (/^\d{1,4}(\.\d{1,4})?$/.test(text) && Number(text) <= 1000) return Number(text);
  throw new UsageError(`--churn ${text}: expected per cent a minute, from 0 to 1000, such as 1 or 0.2`);
};

const secondsIn = (option: string, text: string): number => {
  const parsed = parseDuration(text);
  if ("error" in parsed) throw new UsageError(`--${option} ${text}: expected a duration such as 60s or 7d`);
  return parsed.milliseconds / 1000;
};

const asTable = ({ lines, services, usd }: Bill, io: Io): string => {
  const shown = lines.filter((line) => line.usd >= leastShown);
  const rest = lines.filter((line) => line.usd < leastShown);
  const perService = services.map((one) => `${one.service} ${dollars(one.usd)}`).join(", ");
  const rows = shown.map((line) => [
    line.service,
    line.item,
    counted(line.units),
    unitNames[line.unit],
    dollars(line.usd),
  ]);
  const small = rest.reduce((sum, line) => sum + line.usd, 0);
  if (rest.length > 0) rows.push(["", `${rest.length} more, below a cent each`, "", "", dollars(small)]);
  return `${table(["SERVICE", "FOR", "UNITS", "OF", "USD"], rows, io.out)}\n${dollars(usd)} USD a month: ${perService}\n`;
};

/** US dollars. */
const leastShown = 0.01;

const dollars = (usd: number) => usd.toFixed(2);

const counted = (units: number): string => {
  if (units >= 1e12) return `${(units / 1e12).toFixed(2)} T`;
  if (units >= 1e9) return `${(units / 1e9).toFixed(2)} G`;
  if (units >= 1e6) return `${(units / 1e6).toFixed(2)} M`;
  if (units >= 1e3) return `${(units / 1e3).toFixed(2)} k`;
  return units.toFixed(units < 10 && !Number.isInteger(units) ? 2 : 0);
};

const unitNames = {
  events: "events",
  gigabyteSeconds: "GB-seconds",
  invocations: "invocations",
  streamed: "bytes",
  writes: "write units",
  reads: "read units",
  stored: "bytes",
  backedUp: "bytes",
  queueRequests: "requests",
  doorRequests: "requests",
  transferred: "bytes",
  logged: "bytes",
  metrics: "metrics",
  alarms: "alarms",
  dashboards: "dashboards",
} as const;
