import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
} from "@aws-sdk/client-eventbridge";
import { IAMClient, ListAttachedRolePoliciesCommand, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Tool } from "./tool.ts";

/** What AWS's clients find of a stack, in order of names. */
export const deployed = async ({ client }: Tool, stack: string) => {
  const functions = await functionsOf(new LambdaClient(client), stack);
  const events = new EventBridgeClient(client);
  return {
    functions: functions.map(({ name }) => name),
    follow: functions.find(({ name }) => name.endsWith("-tick"))?.follow,
    mappings: await mappingsOf(new LambdaClient(client), stack),
    rules: await rulesOf(events, stack),
    schedules: await schedulesOf(events, stack),
    queues: await queuesOf(new SQSClient(client), stack),
    table: await tableOf(new DynamoDBClient(client), stack),
    roles: await rolesOf(new IAMClient(client), functions, stack),
  };
};

interface Found {
  readonly name: string;
  readonly role: string;
  readonly follow: string | undefined;
}

const functionsOf = async (lambda: LambdaClient, stack: string): Promise<Found[]> => {
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand());
  return Functions.map(({ FunctionName = "", Role = "", Environment }) => ({
    name: FunctionName,
    role: Role.split("/").at(-1) ?? "",
    follow: Environment?.Variables?.FOLLOW,
  }))
    .filter(({ name }) => name.startsWith(`${stack}-`))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

const mappingsOf = async (lambda: LambdaClient, stack: string) => {
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand());
  return EventSourceMappings.map((one) => ({
    function: lastOf(one.FunctionArn),
    batch: one.BatchSize,
    window: one.MaximumBatchingWindowInSeconds ?? 0,
    partial: one.FunctionResponseTypes,
  })).filter((one) => one.function.startsWith(`${stack}-`));
};

const pattern = z.object({ "detail-type": z.array(z.string()) });

const rulesOf = async (events: EventBridgeClient, stack: string) => {
  const rules = await allRules(events, stack);
  const found = rules.map(async ({ Name, EventPattern = "{}" }) => {
    const { Targets = [] } = await events.send(
      new ListTargetsByRuleCommand({ Rule: Name, EventBusName: stack }),
    );
    const [target] = Targets;
    return {
      types: pattern.parse(JSON.parse(EventPattern))["detail-type"],
      target: shortOf(target?.Arn, stack),
      attempts: target?.RetryPolicy?.MaximumRetryAttempts,
      age: target?.RetryPolicy?.MaximumEventAgeInSeconds,
      letters: shortOf(target?.DeadLetterConfig?.Arn, stack),
    };
  });
  return (await Promise.all(found)).toSorted((a, b) => (String(a.types) < String(b.types) ? -1 : 1));
};

/** A stack that is gone has no bus to ask. */
const allRules = async (events: EventBridgeClient, bus: string): Promise<Rule[]> => {
  try {
    return (await events.send(new ListRulesCommand({ EventBusName: bus }))).Rules ?? [];
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ResourceNotFoundException") return [];
    throw thrown;
  }
};

const schedulesOf = async (events: EventBridgeClient, stack: string) => {
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const found = Rules.filter(({ ScheduleExpression }) => ScheduleExpression).map(async (rule) => {
    const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: rule.Name }));
    return { rate: rule.ScheduleExpression, target: lastOf(Targets[0]?.Arn) };
  });
  return (await Promise.all(found)).filter(({ target }) => target.startsWith(`${stack}-`));
};

/** Each queue with the one that gets what it gives up. */
const queuesOf = async (sqs: SQSClient, stack: string): Promise<Record<string, string>> => {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: stack }));
  const found = QueueUrls.map(async (QueueUrl): Promise<[string, string]> => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    const redrive: unknown = JSON.parse(Attributes?.RedrivePolicy ?? "{}");
    return [shortOf(Attributes?.QueueArn, stack), shortOf(Object(redrive).deadLetterTargetArn, stack)];
  });
  return Object.fromEntries((await Promise.all(found)).toSorted());
};

const tableOf = async (dynamo: DynamoDBClient, stack: string) => {
  const { TableNames = [] } = await dynamo.send(new ListTablesCommand());
  const TableName = TableNames.find((name) => name.startsWith(`${stack}-`));
  if (TableName === undefined) return undefined;
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
  return {
    keys: Table?.KeySchema?.map(({ AttributeName }) => AttributeName),
    indexes: Table?.LocalSecondaryIndexes?.map(({ IndexName }) => IndexName),
    isProtected: Table?.DeletionProtectionEnabled,
  };
};

const rolesOf = async (iam: IAMClient, functions: readonly Found[], stack: string) => {
  const found = functions.map(async ({ name, role: RoleName }) => {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return {
      function: name.slice(stack.length + 1),
      policies: PolicyNames,
      managed: AttachedPolicies.length,
    };
  });
  return Promise.all(found);
};

const lastOf = (arn: string | undefined) => arn?.split(":").at(-1) ?? "";

/** `Changes` of `arn:…:rollcall-first-Changes-1A2B3C`; functions keep their whole name. */
const shortOf = (arn: string | undefined, stack: string) => {
  const name = lastOf(arn);
  return arn?.includes(":sqs:") ? name.slice(stack.length + 1).replace(/-[A-Z0-9]+$/, "") : name;
};
