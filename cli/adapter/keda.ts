import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import { parseRules } from "../../lib/adapter/config/parse.ts";
import { BadSelector, parseSelector } from "../../lib/adapter/selector.ts";
import { reasonOf } from "../../lib/errors.ts";
import { type Exit, type Given, type Io, type Options, UsageError } from "../command.ts";
import { clean } from "../output/clean.ts";
import { rulesOf } from "./keda/torules.ts";
import { triggersOf, type Workload } from "./keda/totriggers.ts";

export const kedaOptions: Options = {
  rules: {
    kind: "text",
    value: "FILE",
    isFile: true,
    about: "keda: prometheus-adapter's file, to become a ScaledObject",
  },
  "scaled-object": {
    kind: "text",
    value: "FILE",
    isFile: true,
    about: "keda: a ScaledObject, to become a rules file",
  },
  prometheus: {
    kind: "text",
    value: "URL",
    about: "keda: where KEDA reaches the Prometheus; needed with --rules",
  },
  workload: {
    kind: "text",
    value: "KIND/NAME",
    about: "keda: what is scaled, such as Deployment/web; needed with --rules",
  },
  namespace: { kind: "text", value: "NAME", about: "the workload's, or the Service's; default unless given" },
  series: {
    kind: "texts",
    value: "NAME",
    about: "keda: a series that is scaled on, where a rule says no certain name",
  },
  selector: { kind: "text", value: "SELECTOR", about: "keda: label selector of external metrics" },
  object: {
    kind: "text",
    value: "RESOURCE/NAME",
    about: "keda: the object of custom metrics, such as service/web, if it is not the workload's pods",
  },
  threshold: { kind: "text", value: "NUMBER", about: "keda: the target of every trigger; 1 unless given" },
};

/** `rollcall adapter keda`: rules of prometheus-adapter as triggers of KEDA, and back. */
export const keda = async (given: Given, io: Io): Promise<Exit> => {
  const [rules, scaledObject] = [given.text("rules"), given.text("scaled-object")];
  if ((rules === undefined) === (scaledObject === undefined))
    throw new UsageError("adapter keda needs one of --rules FILE and --scaled-object FILE");
  return rules === undefined ? toRules(scaledObject ?? "", io) : toTriggers(rules, { given, io });
};

const toTriggers = async (path: string, { given, io }: { given: Given; io: Io }): Promise<Exit> => {
  const workload = workloadIn(given);
  const threshold = given.text("threshold");
  if (threshold !== undefined && !(Number(threshold) > 0))
    throw new UsageError(`--threshold ${threshold}: expected a number above 0`);
  const { triggers, notes } = triggersOf(parseRules({ path, text: await textIn(path) }), workload);
  tell(io, notes);
  if (triggers.length === 0) return 1;
  if (threshold === undefined)
    tell(io, ["threshold: 1 stands for the target that each HPA has; say --threshold, or write them in"]);
  const spec = {
    scaleTargetRef: { kind: workload.kind, name: workload.name },
    triggers: triggers.map((trigger) => ({
      ...trigger,
      metadata: { ...trigger.metadata, threshold: threshold ?? "1" },
    })),
  };
  const metadata = { name: workload.name, namespace: workload.namespace };
  io.out.write(
    stringify({ apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", metadata, spec }, { lineWidth: 0 }),
  );
  return 0;
};

const toRules = async (path: string, io: Io): Promise<Exit> => {
  try {
    const { rules, notes } = rulesOf(await textIn(path));
    tell(io, notes);
    if (rules.externalRules.length === 0) return 1;
    const text = stringify(rules, { lineWidth: 0 });
    parseRules({ path, text });
    io.out.write(text);
    return 0;
  } catch (error) {
    throw error instanceof UsageError
      ? error
      : new UsageError(`${path}: ${reasonOf(error)}`, { cause: error });
  }
};

const workloadIn = (given: Given): Workload => {
  const server = given.text("prometheus");
  if (server === undefined || !URL.canParse(server))
    throw new UsageError("adapter keda --rules needs --prometheus URL");
  const [, kind, name] =
    /^([A-Z]\w*)\/([a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/.exec(given.text("workload") ?? "") ?? [];
  if (kind === undefined || name === undefined)
    throw new UsageError("adapter keda --rules needs --workload KIND/NAME, such as Deployment/web");
  const object = given.text("object");
  const [, resource, objectName] = /^([^/]+)\/([^/]+)$/.exec(object ?? "") ?? [];
  if (object !== undefined && (resource === undefined || objectName === undefined))
    throw new UsageError(`--object ${object}: expected RESOURCE/NAME, such as service/web`);
  return {
    server,
    kind,
    name,
    namespace: given.text("namespace") ?? "default",
    series: given.texts("series"),
    selector: selectorIn(given.text("selector") ?? ""),
    ...(resource !== undefined && objectName !== undefined && { object: { resource, name: objectName } }),
  };
};

const selectorIn = (text: string) => {
  try {
    return parseSelector(text);
  } catch (error) {
    if (error instanceof BadSelector)
      throw new UsageError(`--selector ${text}: ${error.message}`, { cause: error });
    throw error;
  }
};

const textIn = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new UsageError(reasonOf(cause), { cause });
  }
};

const tell = (io: Io, notes: readonly string[]): void => {
  for (const note of notes) io.err.write(`${clean(note)}\n`);
};
