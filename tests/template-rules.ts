import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { readerPrefix } from "../lib/readers/place.ts";
import { detailSchemas } from "../lib/targetgroup/event.ts";
import { compilePattern } from "../local/bus/pattern.ts";

/** What AWS's validator does not see in a packaged template, one line each. Throws for a template without what it looks at. */
export const templateFindings = (resources: Resources): string[] => {
  const of = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
  const [functions, rules] = [of("AWS::Lambda::Function"), of("AWS::Events::Rule")];
  const patterned = rules.filter(([, { Properties }]) => Properties?.EventPattern !== undefined);
  if (functions.length === 0) throw new Error("the template has no function");
  if (patterned.length === 0) throw new Error("the template has no event pattern");
  return [
    ...ownRoles(functions),
    ...serveFindings(resources),
    ...patterned.flatMap(patternFindings),
    ...patterned.flatMap(([name, rule]) => targetFindings(name, rule)),
    ...patterned.flatMap(([, rule]) => retryFindings(rule, of("AWS::Lambda::EventInvokeConfig"))),
    ...unanswered(patterned),
  ];
};

export const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});
export type Resources = z.infer<typeof templateSchema>["Resources"];
type Named = [string, Resources[string]];

/** A role that two functions share gives each the other's rights. */
const ownRoles = (functions: readonly Named[]): string[] => {
  const byRole = Map.groupBy(functions, ([, { Properties }]) => JSON.stringify(Properties?.Role));
  return [...byRole]
    .filter(([, ones]) => ones.length > 1)
    .map(([role, ones]) => `${ones.map(([name]) => name).join(", ")}: share the role ${role}`);
};

const policiesSchema = z.object({
  Policies: z.array(
    z.object({
      PolicyDocument: z.object({
        Statement: z.array(
          z.object({
            Effect: z.string(),
            Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
            Condition: z.record(z.string(), z.unknown()).optional(),
          }),
        ),
      }),
    }),
  ),
});
const roleOf = z.object({ Role: z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) }) });

/** Whoever takes over what answers the door may change nothing but who read what, and when. */
const serveFindings = (resources: Resources): string[] => {
  const serve = resources.ServeLambdaFunction;
  if (serve === undefined) throw new Error("the template has no ServeLambdaFunction");
  const [role] = roleOf.parse(serve.Properties).Role["Fn::GetAtt"];
  const { Policies } = policiesSchema.parse(resources[role]?.Properties);
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect, Condition }) => Effect === "Allow" && !isForMarks(Condition))
    .flatMap(({ Action }) => Action.filter((one) => !readActions.has(one)))
    .map((action) => `${role}: may ${action} anything, not only reader marks`);
};

const readActions = new Set(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"]);

/** Without the second condition a request without keys would pass the first. */
const isForMarks = (condition: unknown): boolean =>
  isDeepStrictEqual(condition, {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [`${readerPrefix}*`] },
    Null: { "dynamodb:LeadingKeys": "false" },
  });

const patternFindings = ([name, { Properties }]: Named): string[] => {
  try {
    compilePattern(Properties?.EventPattern);
    return detailTypesOf(Properties?.EventPattern)
      .filter((type) => !(type in detailSchemas))
      .map((type) => `${name}: nobody announces ${type}`);
  } catch (error) {
    return [`${name}: ${String(error)}`];
  }
};

const patternSchema = z.object({ "detail-type": z.array(z.string()) });

const detailTypesOf = (pattern: unknown) => patternSchema.parse(pattern)["detail-type"];

const targetsSchema = z.array(
  z.object({
    Arn: z.unknown(),
    DeadLetterConfig: z.object({ Arn: z.unknown() }).optional(),
    RetryPolicy: z
      .object({ MaximumRetryAttempts: z.number(), MaximumEventAgeInSeconds: z.number() })
      .optional(),
  }),
);

/** What a rule cannot deliver would be gone without a word. */
const targetFindings = (name: string, { Properties }: Resources[string]): string[] =>
  targetsSchema
    .parse(Properties?.Targets)
    .flatMap((target) => [
      ...(target.DeadLetterConfig === undefined ? [`${name}: a target without a dead-letter queue`] : []),
      ...(target.RetryPolicy === undefined ? [`${name}: a target without a retry policy`] : []),
    ]);

const functionArn = z.object({
  "Fn::GetAtt": z.tuple([z.string().endsWith("LambdaFunction"), z.literal("Arn")]),
});
const invokeSchema = z.object({
  FunctionName: z.object({ Ref: z.string() }),
  MaximumRetryAttempts: z.number(),
  MaximumEventAgeInSeconds: z.number(),
});

/** What tick orders it orders again by itself: Lambda's own retries would look at, or follow, what another already does. */
const retryFindings = ({ Properties }: Resources[string], configs: readonly Named[]): string[] => {
  const retries = new Map(
    configs.map(([, config]) => {
      const { FunctionName, ...rest } = invokeSchema.parse(config.Properties);
      return [FunctionName.Ref, rest];
    }),
  );
  return targetsSchema.parse(Properties?.Targets).flatMap(({ Arn }) => {
    const parsed = functionArn.safeParse(Arn);
    if (!parsed.success) return [];
    const [name] = parsed.data["Fn::GetAtt"];
    const held = retries.get(name);
    const isGood = held?.MaximumRetryAttempts === 0 && held.MaximumEventAgeInSeconds <= 60;
    return isGood ? [] : [`${name}: an event from the bus is tried again, or is older than a minute`];
  });
};

/** What is ordered must start something. */
const unanswered = (rules: readonly Named[]): string[] => {
  const answered = new Set(rules.flatMap(([, { Properties }]) => detailTypesOf(Properties?.EventPattern)));
  return Object.keys(detailSchemas)
    .filter((type) => type.endsWith(" Due") && !answered.has(type))
    .map((type) => `nothing answers ${type}`);
};
