import * as z from "zod";
import type { Resources } from "../../../template-rules/resources.ts";

/**
 * What `sam deploy` makes of the one SAM resource that the example uses, a function fed by a queue: a Lambda function, its role and an
 * event source mapping (AWS SAM Developer Guide, "AWS::Serverless::Function" and "SQS"). AWS's own translator is in neither npm nor
 * Debian. Strict: a property that is not known here is refused, where AWS's validator would let it pass.
 */
export const expandSam = (resources: Resources): Resources =>
  Object.fromEntries(
    Object.entries(resources).flatMap(([id, resource]) =>
      resource.Type === "AWS::Serverless::Function"
        ? expandFunction(id, resource.Properties)
        : [[id, resource]],
    ),
  );

const functionSchema = z.strictObject({
  CodeUri: z.string(),
  Handler: z.string(),
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  MemorySize: z.number(),
  Timeout: z.number(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.unknown()) }),
  Policies: z.array(z.strictObject({ Statement: z.array(z.unknown()) })),
  Events: z.record(
    z.string(),
    z.strictObject({
      Type: z.literal("SQS"),
      Properties: z.strictObject({
        Queue: z.unknown(),
        BatchSize: z.number(),
        FunctionResponseTypes: z.array(z.string()),
        ScalingConfig: z.strictObject({ MaximumConcurrency: z.number() }),
      }),
    }),
  ),
});

const expandFunction = (id: string, properties: unknown): [string, Resources[string]][] => {
  const { CodeUri, Policies, Events, ...own } = functionSchema.parse(properties);
  const code = { S3Bucket: "artifacts", S3Key: CodeUri };
  const role = { "Fn::GetAtt": [`${id}Role`, "Arn"] };
  return [
    [id, { Type: "AWS::Lambda::Function", Properties: { ...own, Code: code, Role: role } }],
    [`${id}Role`, { Type: "AWS::IAM::Role", Properties: roleOf(id, Policies) }],
    ...Object.entries(Events).map(([name, { Properties }]): [string, Resources[string]] => {
      const { Queue, ...mapping } = Properties;
      const more = { EventSourceArn: Queue, FunctionName: { Ref: id } };
      return [
        `${id}${name}`,
        { Type: "AWS::Lambda::EventSourceMapping", Properties: { ...mapping, ...more } },
      ];
    }),
  ];
};

/** SAM adds the managed policy of the event's kind by itself. */
const roleOf = (id: string, policies: readonly { Statement: unknown[] }[]) => ({
  AssumeRolePolicyDocument: {
    Version: "2012-10-17",
    Statement: [
      { Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: ["lambda.amazonaws.com"] } },
    ],
  },
  ManagedPolicyArns: [
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
  ],
  Policies: policies.map((document, index) => ({
    PolicyName: `${id}RolePolicy${index}`,
    PolicyDocument: { Version: "2012-10-17", ...document },
  })),
});
