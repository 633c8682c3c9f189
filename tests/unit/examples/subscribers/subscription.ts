import * as z from "zod";
import type { Resources } from "../../../template-rules/resources.ts";

/** What makes a subscription sound, out of a template of whatever origin; throws for a template that has not one of each. */
export const subscriptionIn = (resources: Resources) => {
  const one = (type: string) => {
    const found = Object.entries(resources).filter(([, { Type }]) => Type === type);
    if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}`);
    return found[0]!;
  };
  const [ruleId, ruleResource] = one("AWS::Events::Rule");
  const rule = ruleSchema.parse(ruleResource.Properties);
  const [target] = rule.Targets;
  const [queueId, deadId] = [idOf(target.Arn), idOf(target.DeadLetterConfig.Arn)];
  const queue = queueSchema.parse(resources[queueId]?.Properties);
  const mapping = mappingSchema.parse(one("AWS::Lambda::EventSourceMapping")[1].Properties);
  const lambda = functionSchema.parse(one("AWS::Lambda::Function")[1].Properties);
  return {
    pattern: rule.EventPattern,
    retry: target.RetryPolicy,
    redrive: {
      to: idOf(queue.RedrivePolicy.deadLetterTargetArn) === deadId,
      after: queue.RedrivePolicy.maxReceiveCount,
    },
    /** Who may send into which queue: the rule into both, nobody else. */
    senders: [queueId, deadId].map((id) => sendersInto(id, ruleId, resources)),
    mapping: {
      reads: idOf(mapping.EventSourceArn) === queueId,
      batch: mapping.BatchSize,
      answers: mapping.FunctionResponseTypes,
      atMost: mapping.ScalingConfig.MaximumConcurrency,
    },
    lambda: { ...lambda, Environment: Object.keys(lambda.Environment.Variables).sort() },
    visibility: queue.VisibilityTimeout,
    alarmOn:
      idOf(alarmSchema.parse(one("AWS::CloudWatch::Alarm")[1].Properties).Dimensions[0].Value) === deadId,
  };
};

const attribute = z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) });
const idOf = ({ "Fn::GetAtt": [id] }: z.infer<typeof attribute>) => id;

const ruleSchema = z.object({
  EventPattern: z.unknown(),
  Targets: z.tuple([
    z.object({
      Arn: attribute,
      DeadLetterConfig: z.object({ Arn: attribute }),
      RetryPolicy: z.object({ MaximumEventAgeInSeconds: z.number(), MaximumRetryAttempts: z.number() }),
    }),
  ]),
});
const queueSchema = z.object({
  VisibilityTimeout: z.number(),
  RedrivePolicy: z.object({ deadLetterTargetArn: attribute, maxReceiveCount: z.number() }),
});
const mappingSchema = z.object({
  EventSourceArn: attribute,
  BatchSize: z.number(),
  FunctionResponseTypes: z.array(z.string()),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
});
const functionSchema = z.object({
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  Timeout: z.number(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});
const alarmSchema = z.object({ Dimensions: z.tuple([z.object({ Value: attribute })]) });

const list = <T extends z.ZodType>(schema: T) => z.union([schema.transform((one) => [one]), z.array(schema)]);
const policySchema = z.object({
  Queues: z.array(z.object({ Ref: z.string() })),
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.literal("Allow"),
        Principal: z.unknown(),
        Action: list(z.string()),
        Resource: list(attribute),
        Condition: z.unknown(),
      }),
    ),
  }),
});

const sendersInto = (queue: string, rule: string, resources: Resources): string[] =>
  Object.values(resources)
    .filter(({ Type }) => Type === "AWS::SQS::QueuePolicy")
    .map(({ Properties }) => policySchema.parse(Properties))
    .filter(({ Queues }) => Queues.some(({ Ref }) => Ref === queue))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(
      ({ Action, Resource }) =>
        Action.includes("sqs:SendMessage") && Resource.some((one) => idOf(one) === queue),
    )
    .map(({ Principal, Condition }) => {
      const isRule = JSON.stringify(Condition) === onlyFrom(rule);
      return `${JSON.stringify(Principal)} ${isRule ? "for the rule" : "for anyone"}`;
    });

const onlyFrom = (rule: string) =>
  JSON.stringify({ ArnEquals: { "aws:SourceArn": { "Fn::GetAtt": [rule, "Arn"] } } });
