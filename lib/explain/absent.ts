import type { Provider } from "../discovery/provider.ts";
import type { Answer, JobWorld } from "./answer.ts";
import { type Elsewhere, ended, type Finding, type Removal } from "./finding.ts";
import { canStandFor, sourcesOf } from "./objects.ts";
import { fine, road, type Step, type StepName, unknown, wrong } from "./reason.ts";
import { type Trouble, troubleOf } from "./trouble.ts";
import { unseen } from "./unseen.ts";
import { ago, brief, few, moment } from "./words.ts";

/** Why a job has no target of that kind, as far as that can be known. */
export const explainAbsent = (world: JobWorld, elsewhere: Elsewhere): Answer => {
  const finding = findingFor(world, elsewhere);
  const subject = brief(world.question.text);
  return {
    job: world.job.name,
    verdict: "not served",
    reason: finding.reason,
    sentence: `${subject} is not served to job ${brief(world.job.name)}: ${finding.why}.`,
    steps: stepsTo(finding, world),
    targetCount: 0,
    targets: [],
  };
};

/** From what the configuration alone says to what the last look says; a removal that is on record goes first. */
const findingFor = (world: JobWorld, elsewhere: Elsewhere): Finding => {
  const { question, providers } = world;
  const removed = elsewhere.removals?.find(isOf(world)) ?? elsewhere.removals?.[0];
  if (removed !== undefined) return removalOf(removed, world);
  if (providers.length === 0) {
    return ended("no_discovery", "listed", "the job has no discovery block that you may see");
  }
  const fitting = providers.filter((provider) => fits(provider, world));
  if (fitting.length === 0) return ended("role_mismatch", "listed", mismatch(world));
  const namespace = question.about === "object" ? question.namespace : undefined;
  const covering = fitting.filter((provider) => covers(provider, namespace));
  if (covering.length === 0) return ended("namespace_not_covered", "listed", uncovered(fitting, namespace));
  return troubled(covering, namespace, world) ?? unseen(covering, world, elsewhere);
};

const isOf =
  ({ providers }: JobWorld) =>
  ({ provider }: Removal) =>
    providers.some(({ id }) => id === provider);

const removalOf = (
  { provider, source, at, epoch, isUpdate = false }: Removal,
  { now }: JobWorld,
): Finding => {
  if (isUpdate) {
    const what = `${provider} (epoch ${epoch}) found ${brief(source)} without it`;
    return ended("removed", "built", `it went ${ago(at, now)}, at ${moment(at)}, when ${what}`);
  }
  const who = `${provider} (epoch ${epoch}) no longer found ${brief(source)}`;
  const maybe = "it was deleted, has no address or port any more, or is no longer selected";
  return ended("removed", "built", `it was removed ${ago(at, now)}, at ${moment(at)}, when ${who}; ${maybe}`);
};

const fits = ({ config }: Provider, { question }: JobWorld): boolean => {
  if (question.about !== "object") return true;
  const isOnlyName = question.kind === undefined && question.namespace === undefined;
  return isOnlyName || canStandFor(config, question);
};

const mismatch = ({ providers, question }: JobWorld): string => {
  const roles = [...new Set(providers.map(({ config }) => blockText(config)))];
  const what =
    question.about === "object" && question.kind !== undefined ? `a ${question.kind}` : "such a thing";
  return `its discovery blocks (${few(roles)}) make no targets of ${what}`;
};

const blockText = (config: Provider["config"]) =>
  "role" in config ? `${config.mechanism} role ${config.role}` : config.mechanism;

const covers = ({ config }: Provider, namespace: string | undefined): boolean => {
  if (config.mechanism !== "kubernetes" || namespace === undefined) return true;
  const { names, ownNamespace } = config.namespaces;
  // Which namespace the function's own is, only it knows.
  return ownNamespace || names.length === 0 || names.includes("") || names.includes(namespace);
};

const uncovered = (fitting: readonly Provider[], namespace = ""): string => {
  const names = fitting.flatMap(({ config }) => ("namespaces" in config ? config.namespaces.names : []));
  return `its blocks look at the namespaces ${few([...new Set(names)])}, not at ${brief(namespace)}`;
};

const troubled = (
  covering: readonly Provider[],
  namespace: string | undefined,
  { statuses, now, withheld }: JobWorld,
): Finding | undefined => {
  for (const provider of covering) {
    const trouble = troubleOf(provider, statuses.get(provider.id), { now, namespace });
    if (trouble !== undefined) return { ...trouble, why: trouble.detail, at: stepOf(trouble), ok: false };
  }
  return withheld === undefined ? undefined : ended("list_withheld", "listed", withheld);
};

const stepOf = ({ reason }: Trouble): StepName => {
  if (reason === "unauthorized" || reason === "forbidden") return "allowed";
  return reason === "provider_failing" ? "listed" : "reachable";
};

const stepsTo = ({ at, ok, why }: Finding, { providers, statuses, now }: JobWorld): Step[] => {
  const known: Partial<Record<StepName, Omit<Step, "step">>> = {};
  const looked = providers.flatMap(({ id }) => statuses.get(id)?.lastSuccess ?? []);
  if (at !== "reachable" && looked.length > 0) {
    known.reachable = fine(`the last look succeeded ${ago(Math.max(...looked), now)}`);
  }
  if (looked.length > 0 && (at === "listed" || at === "built")) known.allowed = fine();
  if (at === "built") known.listed = fine();
  return road({ ...known, [at]: ok === null ? unknown(why) : wrong(why) });
};

/** Under which sources a job's providers would have had it. */
export const pastSources = ({ question, providers }: Pick<JobWorld, "question" | "providers">): string[] => {
  if (question.about === "source") return [question.text];
  if (question.about !== "object") return [];
  const roles = new Set(
    providers.flatMap(({ config }) => (config.mechanism === "kubernetes" ? [config.role] : [])),
  );
  return [...new Set([...roles].flatMap((role) => sourcesOf(question, role)))];
};
