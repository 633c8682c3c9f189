import type { Job, SdConfig } from "../config/configuration.ts";
import type { Live, ProviderView } from "../pool/view.ts";
import type { Populated } from "../relabel/populate.ts";
import { createFinder } from "../scrapepool/find.ts";
import { populatorOf } from "../scrapepool/outcomes.ts";
import { type PoolTarget, readScrapePool, type Views } from "../scrapepool/scrapepool.ts";
import type { LabelSet } from "../targetgroup/targetgroup.ts";
import { createTurns, mostSelecting } from "../turns.ts";
import { createNamer, type NamedObject } from "./objects.ts";
import { canonicalHost, type Question } from "./question.ts";

/** A discovered target that the question is about. */
export interface Found {
  readonly entry: Live;
  /** Its place in the group. */
  readonly index: number;
  /** What was asked for, in full; absent where it was found by something else. */
  readonly object?: NamedObject | undefined;
  /** Where the job's rules were asked to find it. */
  readonly outcome?: Populated;
}

/** By provider, those with something found only; each in the order of sources. */
export type FoundTargets = ReadonlyMap<string, readonly Found[]>;

/** The targets of one provider that the question is about, whatever jobs make of them; labels are asked per job. */
export const findTargets = (question: Question, config: SdConfig, view: ProviderView): readonly Found[] => {
  if (question.about === "labels") return [];
  const exact = view.entries.get(question.text);
  if (exact !== undefined) return wholeGroup(exact, config, question);
  if (question.about === "source") return [];
  const find = finderOf(question, config);
  const found: Found[] = [];
  for (const entry of view.entries.values()) {
    const { targets, labels } = entry.group;
    for (let index = 0; index < targets.length; index += 1) {
      const match = find(targets[index]!, labels);
      if (match !== undefined) found.push({ entry, index, ...match });
    }
  }
  return found.sort(bySource);
};

/** What a job's own labels select: the final ones over the discovered ones, as `/api/v1/search` has it. */
export const findByLabels = async (
  question: Extract<Question, { about: "labels" }>,
  job: Job,
  views: Views,
): Promise<FoundTargets> => {
  const isFound = createFinder(job, { selectors: [question.selector], words: [] });
  const { targets } = await readScrapePool(job, views);
  const turns = createTurns({ most: mostSelecting });
  const found = new Map<string, PoolTarget[]>();
  // A regular expression may take long over each.
  const few = question.selector.size > 0 ? 1 : 256;
  for (let from = 0; from < targets.length; from += few) {
    const others = turns.next();
    if (others !== undefined) await others;
    gather(targets, { from, to: Math.min(from + few, targets.length), isFound }, found);
  }
  return found;
};

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly isFound: (target: PoolTarget) => boolean;
}

const gather = (
  targets: readonly PoolTarget[],
  { from, to, isFound }: Stretch,
  found: Map<string, PoolTarget[]>,
): void => {
  let ofProvider: PoolTarget[] = [];
  let provider: string | undefined;
  for (let at = from; at < to; at += 1) {
    const target = targets[at]!;
    if (!isFound(target)) continue;
    // A provider's targets come one after the other.
    if (target.provider !== provider) {
      provider = target.provider;
      ofProvider = found.get(provider) ?? [];
      found.set(provider, ofProvider);
    }
    ofProvider.push(target);
  }
};

/** What has the address only after the job's rules. Asked when nothing was discovered there, and only where rules write addresses. */
export const findByFinalAddress = async (
  question: Extract<Question, { about: "address" }>,
  job: Job,
  views: Views,
): Promise<FoundTargets> => {
  const isThere = isAt(question);
  const { targets } = await readScrapePool(job, views);
  const found = targets.filter(
    ({ outcome }) => outcome.state === "active" && isThere(outcome.labels.get("__address__") ?? ""),
  );
  return Map.groupBy(found, ({ provider }) => provider);
};

/** Addresses of the same host, for somebody who was wrong about the port: as discovered. */
export const isAt = ({
  host,
  port,
}: Pick<Extract<Question, { about: "address" }>, "host" | "port">): ((address: string) => boolean) => {
  const isV6 = host.includes(":");
  return (address) => {
    if (!isV6) {
      return port === undefined
        ? address === host || address.startsWith(`${host}:`)
        : address === `${host}:${port}`;
    }
    const [, bracketed, ownPort] = /^\[([^\]]*)\](?::(\d+))?$/.exec(address) ?? [];
    return canonicalHost(bracketed ?? address) === host && (port === undefined || port === ownPort);
  };
};

/** Of a job's targets at the host those that are at the port in the end, if any are: rules often set a port. */
export const atFinalPort = (
  question: Extract<Question, { about: "address" }>,
  job: Job,
  found: readonly Found[],
): readonly Found[] => {
  const isThere = isAt(question);
  const { populate } = populatorOf(job);
  return found.filter(({ entry: { group }, index }) => {
    const target = group.targets[index]!;
    if (isThere(addressOf(target, group.labels))) return true;
    const outcome = populate(target, group.labels);
    return outcome.state === "active" && isThere(outcome.labels.get("__address__") ?? "");
  });
};

/** As discovered; of the group where the target has none of its own. */
export const addressOf = (target: LabelSet, group: LabelSet): string =>
  target.__address__ ?? group.__address__ ?? "";

export const discoveredAddress = ({ entry: { group }, index }: Pick<Found, "entry" | "index">): string =>
  addressOf(group.targets[index]!, group.labels);

type Match = { readonly object?: NamedObject | undefined };

/** Any port of the host: which of its targets are meant, the job's rules decide. */
const finderOf = (
  question: Extract<Question, { about: "object" | "address" }>,
  config: SdConfig,
): ((target: LabelSet, group: LabelSet) => Match | undefined) => {
  if (question.about === "address") {
    const isThere = isAt({ host: question.host });
    return (target, group) => (isThere(addressOf(target, group)) ? {} : undefined);
  }
  const nameOf = createNamer(config, question);
  const isOnlyName = question.kind === undefined && question.namespace === undefined;
  const isHost = isOnlyName ? isAt({ host: question.name }) : undefined;
  return (target, group) => {
    const object = nameOf(target, group);
    if (object !== undefined) return { object };
    return isHost?.(addressOf(target, group)) ? {} : undefined;
  };
};

const wholeGroup = (entry: Live, config: SdConfig, question: Question): Found[] => {
  const nameOf = question.about === "object" ? createNamer(config, question) : undefined;
  return entry.group.targets.map((target, index) => {
    const object = nameOf?.(target, entry.group.labels);
    return { entry, index, ...(object && { object }) };
  });
};

const bySource = (a: Found, b: Found) => {
  if (a.entry.source !== b.entry.source) return a.entry.source < b.entry.source ? -1 : 1;
  return a.index - b.index;
};
