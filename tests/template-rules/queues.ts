import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { arnOf, listOf, type Named, ofType, type Resources } from "./resources.ts";
import { queueStatements, roleOf, type Statement, statementsOfRole } from "./statements.ts";

/** Queues that nobody may send to who should, and event sources that lose or repeat messages. */
export const queueFindings = (resources: Resources): string[] => [
  ...closedQueues(resources),
  ...openQueues(resources),
  ...ofType(resources, "AWS::Lambda::EventSourceMapping").flatMap((one) => sourceFindings(resources, one)),
  ...ofType(resources, "AWS::Lambda::EventInvokeConfig").flatMap((one) =>
    destinationFindings(resources, one),
  ),
];

/** EventBridge sends to a queue only if the queue's own policy lets it; without it events vanish without a word. */
const closedQueues = (resources: Resources): string[] => {
  const open = queueStatements(resources).filter(
    ({ effect, actions, principal }) =>
      effect === "Allow" &&
      actions.includes("sqs:SendMessage") &&
      listOf(Object(principal).Service).includes("events.amazonaws.com"),
  );
  const opened = new Set(open.flatMap(({ resources: places }) => places.map(arnOf)));
  return [...sentTo(resources)]
    .filter((name) => !opened.has(name))
    .map((name) => `${name}: its policy does not let events.amazonaws.com send`);
};

/**
 * What a rule brings to a queue is believed by whoever reads it, and every identity of the account with a broad role could send
 * there too. Each such queue denies everybody but exactly its rules.
 */
const openQueues = (resources: Resources): string[] => {
  const rules = ofType(resources, "AWS::Events::Rule").map(
    ([name, { Properties }]) =>
      [
        name,
        z
          .array(targetSchema)
          .parse(Properties?.Targets)
          .map(({ Arn }) => arnOf(Arn)),
      ] as const,
  );
  const fed = [...new Set(rules.flatMap(([, targets]) => targets))].filter((name) => name !== undefined);
  const denials = queueStatements(resources).filter(({ effect }) => effect === "Deny");
  return fed
    .filter((queue) => isQueue(resources, queue))
    .filter((queue) => {
      const senders = rules.filter(([, targets]) => targets.includes(queue)).map(([name]) => name);
      return !denials.some((one) => closes(one, queue, senders));
    })
    .map((queue) => `${queue}: its policy lets others than the rules that fill it send`);
};

const closes = (
  { principal, actions, resources, condition }: Statement,
  queue: string,
  senders: readonly string[],
) => {
  const { ArnNotEquals, ...others } = condition;
  const spared = listOf(Object(ArnNotEquals)["aws:SourceArn"]).map(arnOf).toSorted();
  return (
    principal === "*" &&
    actions.includes("sqs:SendMessage") &&
    resources.map(arnOf).includes(queue) &&
    Object.keys(others).length === 0 &&
    isDeepStrictEqual(spared, senders.toSorted())
  );
};

const targetSchema = z.object({
  Arn: z.unknown(),
  DeadLetterConfig: z.object({ Arn: z.unknown() }).optional(),
});

/** Names of the queues that rules send to, as a target or as a dead-letter queue. */
const sentTo = (resources: Resources): Set<string> => {
  const targets = ofType(resources, "AWS::Events::Rule").flatMap(([, { Properties }]) =>
    z.array(targetSchema).parse(Properties?.Targets),
  );
  const arns = targets.flatMap(({ Arn, DeadLetterConfig }) => [arnOf(Arn), arnOf(DeadLetterConfig?.Arn)]);
  return new Set(arns.filter((name) => name !== undefined).filter((name) => isQueue(resources, name)));
};

const isQueue = (resources: Resources, name: string) => resources[name]?.Type === "AWS::SQS::Queue";

const sourceSchema = z.object({
  BatchSize: z.number().default(10),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  EventSourceArn: z.unknown(),
  FunctionName: z.unknown(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }).optional(),
});

const sourceFindings = (resources: Resources, [name, { Properties }]: Named): string[] => {
  const source = sourceSchema.parse(Properties);
  const queue = arnOf(source.EventSourceArn) ?? "nothing";
  const consumer = arnOf(source.FunctionName) ?? "nothing";
  const visibility = Number(resources[queue]?.Properties?.VisibilityTimeout ?? 30);
  const timeout = Number(resources[consumer]?.Properties?.Timeout ?? 3);
  const { BatchSize, MaximumBatchingWindowInSeconds: window } = source;
  return [
    ...(BatchSize > 10 && window === 0 ? [`${name}: a batch of over 10 needs a batching window`] : []),
    ...(visibility < 6 * timeout + window
      ? [
          `${queue}: messages show again after ${visibility} s, before ${consumer} had six times its ${timeout} s`,
        ]
      : []),
    ...(source.FunctionResponseTypes.includes("ReportBatchItemFailures")
      ? []
      : [`${name}: one bad message fails its whole batch`]),
    ...(source.ScalingConfig === undefined ? [`${name}: has no maximum concurrency`] : []),
    ...(resources[queue]?.Properties?.RedrivePolicy === undefined
      ? [`${queue}: gives a message up without a dead-letter queue`]
      : []),
  ];
};

const invokeSchema = z.object({
  FunctionName: z.object({ Ref: z.string() }),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.unknown() }) }),
});

/** What an asynchronous invocation failed on must end where someone finds it, and the function's role must let it. */
const destinationFindings = (resources: Resources, [name, { Properties }]: Named): string[] => {
  const parsed = invokeSchema.safeParse(Properties);
  if (!parsed.success) return [`${name}: what the function fails on vanishes: it has no failure destination`];
  const called = parsed.data.FunctionName.Ref;
  const one = resources[called];
  const queue = arnOf(parsed.data.DestinationConfig.OnFailure.Destination);
  if (one === undefined || queue === undefined)
    return [`${name}: its failure destination is no queue of the template`];
  const role = roleOf([called, one]);
  const may = statementsOfRole(resources, role).some(
    ({ effect, actions, resources: places }) =>
      effect === "Allow" && actions.includes("sqs:SendMessage") && places.map(arnOf).includes(queue),
  );
  return may ? [] : [`${role}: may not send to ${queue}, where the failures of ${called} go`];
};
