import * as z from "zod";
import { detailSchemas } from "../../lib/targetgroup/event.ts";
import { compilePattern } from "../../local/bus/pattern.ts";
import { type Named, ofType, type Resources } from "./resources.ts";

/** Rules whose pattern, target or retries lose an order or repeat it. Throws for a template without a pattern. */
export const orderFindings = (resources: Resources): string[] => {
  const patterned = ofType(resources, "AWS::Events::Rule").filter(
    ([, { Properties }]) => Properties?.EventPattern !== undefined,
  );
  if (patterned.length === 0) throw new Error("the template has no event pattern");
  const configs = ofType(resources, "AWS::Lambda::EventInvokeConfig");
  return [
    ...patterned.flatMap(patternFindings),
    ...patterned.flatMap(([name, rule]) => targetFindings(name, rule)),
    ...patterned.flatMap(([, rule]) => retryFindings(rule, configs)),
    ...unanswered(patterned),
  ];
};

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
