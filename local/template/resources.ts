import * as z from "zod";
import { defaultRetry, type Rule } from "../bus/rule.ts";
import type { QueueDefinition } from "../queue/queue.ts";
import type { TableDefinition } from "../table/dynamodb.ts";
import { nameOf, type Place, type Resolve } from "./intrinsics.ts";
import type { Printed, Resource } from "./printed.ts";

/** The resources of the template that have a local counterpart, and the names of those that have none. */
export interface Resources {
  readonly tables: TableDefinition[];
  readonly queues: QueueDefinition[];
  readonly buses: string[];
  readonly rules: Rule[];
  readonly ignored: string[];
}

/** Refuses, by name, a resource type that is neither known nor known to mean nothing here. */
export const readResources = (printed: Printed, resolve: Resolve, place: Place): Resources => {
  const found: Resources = { tables: [], queues: [], buses: [], rules: [], ignored: [] };
  for (const [id, resource] of Object.entries(printed.resources.Resources)) {
    if (ignorable.test(resource.Type)) {
      found.ignored.push(`${id} (${resource.Type})`);
      continue;
    }
    const read = readers[resource.Type];
    if (!read) throw new Error(`resource ${id}: the local run does not know ${resource.Type}`);
    read(found, { id, resource, resolve, place, name: nameOf(id, resource, place.stack) });
  }
  return found;
};

/** Rights, logs, alarms and the like; in place of load balancers there are listeners (local/adapter/). */
const ignorable =
  /^AWS::(IAM|Logs|CloudWatch|ApiGateway|WAFv2|KMS|Budgets|SNS|ElasticLoadBalancingV2)::|^AWS::(SQS::QueuePolicy|SQS::QueueInlinePolicy|Events::EventBusPolicy|Events::Archive|Lambda::Permission)$/;

interface Reading {
  readonly id: string;
  readonly name: string;
  readonly resource: Resource;
  readonly resolve: Resolve;
  readonly place: Place;
}

/** The resource's properties with every reference resolved, checked by `schema`. */
const properties = <T>({ id, resource, resolve }: Reading, schema: z.ZodType<T>): T => {
  const parsed = schema.safeParse(resolve(resource.Properties));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new Error(`resource ${id}: the local run does not understand ${problems.join("; ")}`);
};

const key = z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) });
const index = z.object({
  IndexName: z.string(),
  KeySchema: z.array(key),
  Projection: z.object({
    ProjectionType: z.enum(["ALL", "KEYS_ONLY", "INCLUDE"]),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});
const tableSchema = z.object({
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) }),
  ),
  KeySchema: z.array(key),
  LocalSecondaryIndexes: z.array(index).optional(),
  GlobalSecondaryIndexes: z.array(index).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  StreamSpecification: z.undefined("streams do not run locally").optional(),
});

const queueSchema = z.strictObject({
  QueueName: z.string().optional(),
  SqsManagedSseEnabled: z.boolean().optional(),
  KmsMasterKeyId: z.unknown().optional(),
  Tags: z.unknown().optional(),
  VisibilityTimeout: z.number().default(30),
  MessageRetentionPeriod: z.number().default(345_600),
  DelaySeconds: z.number().default(0),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }).optional(),
  RedriveAllowPolicy: z.unknown().optional(),
});

const ruleSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.unknown().optional(),
  EventBusName: z.string().default("default"),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.literal("ENABLED").optional(),
  Targets: z.array(
    z.strictObject({
      Id: z.string(),
      Arn: z.string(),
      RetryPolicy: z
        .strictObject({
          MaximumEventAgeInSeconds: z.number().optional(),
          MaximumRetryAttempts: z.number().optional(),
        })
        .optional(),
      DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
    }),
  ),
});

const readTable = (found: Resources, reading: Reading) => {
  found.tables.push({ name: reading.name, properties: properties(reading, tableSchema) });
};

const readQueue = (found: Resources, reading: Reading) => {
  const { name, id, resolve } = reading;
  const { RedrivePolicy, ...queue } = properties(reading, queueSchema);
  found.queues.push({
    name,
    arn: String(resolve({ "Fn::GetAtt": [id, "Arn"] })),
    url: String(resolve({ Ref: id })),
    visibility: queue.VisibilityTimeout * 1000,
    retention: queue.MessageRetentionPeriod * 1000,
    delay: queue.DelaySeconds * 1000,
    ...(RedrivePolicy && {
      redrive: {
        deadLetterArn: RedrivePolicy.deadLetterTargetArn,
        maxReceiveCount: RedrivePolicy.maxReceiveCount,
      },
    }),
  });
};

const readRule = (found: Resources, reading: Reading) => {
  const { name, id, resolve } = reading;
  const rule = properties(reading, ruleSchema);
  found.rules.push({
    name,
    arn: String(resolve({ "Fn::GetAtt": [id, "Arn"] })),
    bus: rule.EventBusName,
    pattern: rule.EventPattern,
    targets: rule.Targets.map(({ Arn, RetryPolicy, DeadLetterConfig }) => ({
      arn: Arn,
      ...retryOf(RetryPolicy?.MaximumEventAgeInSeconds, RetryPolicy?.MaximumRetryAttempts),
      ...(DeadLetterConfig && { deadLetterArn: DeadLetterConfig.Arn }),
    })),
  });
};

/** A retry policy of the template, in seconds, with EventBridge's defaults. */
export const retryOf = (age: number | undefined, attempts: number | undefined) => ({
  maximumAge: age === undefined ? defaultRetry.maximumAge : age * 1000,
  maximumAttempts: attempts ?? defaultRetry.maximumAttempts,
});

const readers: Readonly<Record<string, (found: Resources, reading: Reading) => void>> = {
  "AWS::DynamoDB::Table": readTable,
  "AWS::SQS::Queue": readQueue,
  "AWS::Events::EventBus": (found, { name }) => found.buses.push(name),
  "AWS::Events::Rule": readRule,
};
