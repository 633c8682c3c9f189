import type { KubernetesSdConfig } from "../config/configuration.ts";
import type { Provider } from "../discovery/provider.ts";
import type { JobWorld } from "./answer.ts";
import { type Elsewhere, ended, type Finding } from "./finding.ts";
import type { Question } from "./question.ts";
import { ago, few } from "./words.ts";

/** Why providers that look for it, and look well, do not have it. */
export const unseen = (covering: readonly Provider[], world: JobWorld, elsewhere: Elsewhere): Finding => {
  const { question } = world;
  const withTargets = emptyStatic(covering, question.text);
  if (withTargets !== undefined) return ended("no_targets", "built", withTargets);
  const other = elsewhere.seenBy.find(({ cluster }) => covering.some((one) => one.cluster === cluster));
  const isBehindEndpoints = question.about === "object" && covering.every(isEndpoints);
  if (other !== undefined && isBehindEndpoints && question.kind === "pod") {
    const what = "no Endpoints or EndpointSlice that the job lists has its address: a service must select it";
    return ended("not_in_endpoints", "built", `it is there (${other.id} sees it), but ${what}`);
  }
  const selecting = covering.filter(hasSelectors);
  if (selecting.length < covering.length) return neverSeen(covering, world, elsewhere);
  const selectors = few([...new Set(selecting.flatMap(selectorTexts))]);
  if (other !== undefined) {
    return ended(
      "not_selected",
      "listed",
      `it is there (${other.id} sees it), but the job's selectors (${selectors}) leave it out`,
    );
  }
  const why = `it does not exist, or the job's selectors (${selectors}) leave it out; which of the two cannot be known here`;
  return { reason: "maybe_not_selected", at: "listed", ok: null, why };
};

const neverSeen = (
  covering: readonly Provider[],
  { question, statuses, now }: JobWorld,
  { removals, searched, neighbours }: Elsewhere,
): Finding => {
  const looked = covering.flatMap(({ id }) => statuses.get(id)?.lastSuccess ?? []);
  const when = looked.length === 0 ? "" : `, the last one ${ago(Math.min(...looked), now)}`;
  const near = neighbours.length === 0 ? "" : `; at that host it has ${few(neighbours)}`;
  const past = question.about === "labels" ? "" : pastText(question, removals, searched);
  return ended("never_seen", "listed", `no look has found it${when}${near}${past}`);
};

const pastText = (
  question: Exclude<Question, { about: "labels" }>,
  removals: Elsewhere["removals"],
  searched: Elsewhere["searched"],
): string => {
  if (removals === undefined) return "; no history is kept, so whether it once was is not known";
  if (question.about === "address" && searched?.isWhole === false) {
    return `; none of the last ${searched.changes} changes took it away, and older ones are not searched for addresses`;
  }
  const isNamed = question.about !== "object" || question.namespace !== undefined || question.kind === "node";
  return isNamed
    ? ", and history has no removal of it"
    : "; history is searched for names with their namespace";
};

const isEndpoints = ({ config }: Provider) =>
  config.mechanism === "kubernetes" && (config.role === "endpoints" || config.role === "endpointslice");

const hasSelectors = ({ config }: Provider) => selectorsOf(config).length > 0;

const selectorsOf = (config: Provider["config"]): KubernetesSdConfig["selectors"] =>
  config.mechanism === "kubernetes" ? config.selectors : [];

const selectorTexts = ({ config }: Provider): string[] =>
  selectorsOf(config).map(({ role, label, field }) =>
    [role, label && `label ${label}`, field && `field ${field}`].filter((part) => part !== "").join(" "),
  );

/** A static group is in the configuration, so one without targets is known. */
const emptyStatic = (covering: readonly Provider[], source: string): string | undefined => {
  const groups = covering.flatMap(({ config }) => (config.mechanism === "static" ? config.groups : []));
  const empty = groups.find((group) => group.source === source && group.targets.length === 0);
  return empty && "the static_configs entry has no targets";
};
