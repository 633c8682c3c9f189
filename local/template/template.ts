import { compilePattern } from "../bus/pattern.ts";
import type { Rule } from "../bus/rule.ts";
import { defaultAsync, type FunctionDefinition } from "../function/definition.ts";
import { type Events, readEvent } from "./events.ts";
import { createResolve, functionArn, type Place, type Resolve } from "./intrinsics.ts";
import type { Printed, PrintedFunction } from "./printed.ts";
import { type Resources, readResources } from "./resources.ts";

/** The service as the local run needs it: every reference resolved to a local name, ARN or URL. */
export interface Template extends Events, Omit<Resources, "rules"> {
  readonly account: string;
  readonly region: string;
  readonly functions: readonly FunctionDefinition[];
  readonly rules: Rule[];
}

/** `endpoint` is the local AWS's URL. Throws one line for anything that would run differently here than there. */
export const readTemplate = (printed: Printed, endpoint: string): Template => {
  const { provider, service } = printed;
  const stack = provider.stackName ?? `${service}-${provider.stage}`;
  const place = { endpoint, account: "000000000000", region: provider.region, stack };
  const resolve = createResolve(printed, place);
  const resources = readResources(printed, resolve, place);
  const events: Events = { schedules: [], routes: [], rules: resources.rules, sources: [] };
  for (const [name, one] of Object.entries(printed.functions)) {
    const owner = { function: name, functionArn: functionArn(one.name, place), resolve, place };
    for (const event of one.events) readEvent(events, owner, event);
  }
  const functions = Object.entries(printed.functions).map(([name, one]) => {
    const streamed = events.routes.some((route) => route.function === name && route.streamed);
    return toDefinition({ name, one, printed, resolve, place, streamed });
  });
  const template = { ...resources, ...events, functions, account: place.account, region: place.region };
  checkLinks(template);
  return template;
};

const toDefinition = (given: {
  name: string;
  one: PrintedFunction;
  printed: Printed;
  resolve: Resolve;
  place: Place;
  streamed: boolean;
}): FunctionDefinition => {
  const { name, one, printed, resolve, place, streamed } = given;
  const { provider } = printed;
  const environment = Object(resolve({ ...provider.environment, ...one.environment }));
  return {
    name,
    fullName: one.name,
    arn: functionArn(one.name, place),
    handler: one.handler,
    timeout: (one.timeout ?? provider.timeout ?? 6) * 1000,
    memory: one.memorySize ?? provider.memorySize ?? 1024,
    environment: Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, String(value)])),
    maximumAttempts: one.maximumRetryAttempts ?? defaultAsync.maximumAttempts,
    maximumAge: one.maximumEventAge === undefined ? defaultAsync.maximumAge : one.maximumEventAge * 1000,
    ...(one.destinations && { onFailureArn: String(resolve(one.destinations.onFailure.arn)) }),
    streamed,
  };
};

/** Rules and sources must lead to what is there, and every pattern must be one: AWS would notice only later, or never. */
const checkLinks = ({ rules, sources, queues, functions, buses }: Template) => {
  const queueArns = new Set(queues.map(({ arn }) => arn));
  const targets = new Set([...queueArns, ...functions.map(({ arn }) => arn)]);
  for (const { name, bus, pattern, targets: own } of rules) {
    compilePattern(pattern);
    if (bus !== "default" && !buses.includes(bus)) throw new Error(`rule ${name}: there is no bus ${bus}`);
    for (const { arn, deadLetterArn } of own) {
      if (!targets.has(arn)) throw new Error(`rule ${name}: the local run has no target ${arn}`);
      if (deadLetterArn !== undefined && !queueArns.has(deadLetterArn))
        throw new Error(`rule ${name}: there is no queue ${deadLetterArn}`);
    }
  }
  for (const { name, onFailureArn } of functions) {
    if (onFailureArn !== undefined && !queueArns.has(onFailureArn))
      throw new Error(`function ${name}: there is no queue ${onFailureArn}`);
  }
  for (const { function: name, queueArn } of sources) {
    if (!queueArns.has(queueArn)) throw new Error(`function ${name}: there is no queue ${queueArn}`);
  }
};

/** Lambda gives each function its own environment; one process has one, so two functions must not disagree. */
export const environmentOf = (functions: readonly FunctionDefinition[]): Record<string, string> => {
  const all: Record<string, string> = {};
  for (const { name, environment } of functions) {
    for (const [key, value] of Object.entries(environment)) {
      if ((all[key] ?? value) !== value)
        throw new Error(
          `function ${name}: ${key} differs from another function's, which one process cannot have`,
        );
      all[key] = value;
    }
  }
  return all;
};
