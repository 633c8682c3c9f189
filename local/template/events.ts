import * as z from "zod";
import type { Rule } from "../bus/rule.ts";
import { readRate, type Schedule } from "../schedule.ts";
import type { Place, Resolve } from "./intrinsics.ts";
import { retryOf } from "./resources.ts";

/** What makes functions run. */
export interface Events {
  readonly schedules: Schedule[];
  readonly routes: Route[];
  readonly rules: Rule[];
  readonly sources: Source[];
}

/** A method and path of the REST API; `path` as in the template, such as `{path+}`. */
export interface Route {
  readonly function: string;
  readonly method: string;
  readonly path: string;
  readonly streamed: boolean;
}

/** A queue that feeds a function. Times are milliseconds. */
export interface Source {
  readonly function: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly window: number;
  readonly maximumConcurrency: number;
  readonly partialFailures: boolean;
}

export interface EventOwner {
  readonly function: string;
  readonly functionArn: string;
  readonly resolve: Resolve;
  readonly place: Place;
}

/** Adds one `events` entry of a function; refuses, by name, a kind or a key that the local run does not know. */
export const readEvent = (
  found: Events,
  owner: EventOwner,
  event: Readonly<Record<string, unknown>>,
): void => {
  const [kind = "nothing", ...others] = Object.keys(event);
  const read = readers[kind];
  if (!read || others.length > 0) {
    throw new Error(
      `function ${owner.function}: the local run does not know the event ${[kind, ...others].join(" with ")}`,
    );
  }
  read(found, owner, owner.resolve(event[kind]));
};

const checked = <T>(schema: z.ZodType<T>, value: unknown, what: string): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new Error(`${what}: the local run does not understand ${problems.join("; ")}`);
};

const scheduleSchema = z.strictObject({
  rate: z.array(z.string()),
  input: z.unknown().optional(),
  name: z.unknown().optional(),
  description: z.unknown().optional(),
  method: z.literal("eventBus").optional(),
  enabled: z.literal(true).optional(),
});

const readSchedule = (found: Events, { function: name }: EventOwner, value: unknown) => {
  const schedule = checked(scheduleSchema, value, `function ${name}, event schedule`);
  for (const rate of schedule.rate)
    found.schedules.push({ function: name, every: readRate(rate), input: schedule.input ?? {} });
};

const httpSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  response: z.strictObject({ transferMode: z.enum(["stream", "buffered"]).optional() }).optional(),
});

const readHttp = (found: Events, { function: name }: EventOwner, value: unknown) => {
  const { method, path, response } = checked(httpSchema, value, `function ${name}, event http`);
  found.routes.push({
    function: name,
    method: method.toUpperCase(),
    path,
    streamed: response?.transferMode === "stream",
  });
};

const busSchema = z.strictObject({
  eventBus: z.string().default("default"),
  pattern: z.record(z.string(), z.unknown()),
  retryPolicy: z
    .strictObject({ maximumEventAge: z.number().optional(), maximumRetryAttempts: z.number().optional() })
    .optional(),
  deadLetterQueueArn: z.string().optional(),
});

const readBus = (found: Events, { function: name, functionArn, place }: EventOwner, value: unknown) => {
  const { eventBus, pattern, retryPolicy, deadLetterQueueArn } = checked(
    busSchema,
    value,
    `function ${name}, event eventBridge`,
  );
  const ruleName = `${place.stack}-${name}-rule-${found.rules.length + 1}`;
  found.rules.push({
    name: ruleName,
    arn: `arn:aws:events:${place.region}:${place.account}:rule/${eventBus}/${ruleName}`,
    bus: eventBus,
    pattern,
    targets: [
      {
        arn: functionArn,
        ...retryOf(retryPolicy?.maximumEventAge, retryPolicy?.maximumRetryAttempts),
        ...(deadLetterQueueArn !== undefined && { deadLetterArn: deadLetterQueueArn }),
      },
    ],
  });
};

const sqsSchema = z.strictObject({
  arn: z.string(),
  batchSize: z.number().int().min(1).max(10_000).default(10),
  maximumBatchingWindow: z.number().min(0).max(300).default(0),
  maximumConcurrency: z.number().int().min(2).max(1000).default(1000),
  functionResponseType: z.literal("ReportBatchItemFailures").optional(),
  enabled: z.literal(true).optional(),
});

const readSqs = (found: Events, { function: name }: EventOwner, value: unknown) => {
  const sqs = checked(sqsSchema, value, `function ${name}, event sqs`);
  found.sources.push({
    function: name,
    queueArn: sqs.arn,
    batchSize: sqs.batchSize,
    window: sqs.maximumBatchingWindow * 1000,
    maximumConcurrency: sqs.maximumConcurrency,
    partialFailures: sqs.functionResponseType !== undefined,
  });
};

const readers: Readonly<Record<string, (found: Events, owner: EventOwner, value: unknown) => void>> = {
  schedule: readSchedule,
  http: readHttp,
  eventBridge: readBus,
  sqs: readSqs,
};
