import * as z from "zod";

/** What `osls print` prints, as far as the local run reads it. Values may still hold intrinsic functions. */
export type Printed = z.infer<typeof printedSchema>;
export type PrintedFunction = Printed["functions"][string];
export type Resource = Printed["resources"]["Resources"][string];

const environment = z.record(z.string(), z.unknown()).default({});

/** Keys of a function that change nothing here: who may do what, and how much machine it gets. */
const withoutLocalMeaning = {
  role: z.unknown().optional(),
  description: z.unknown().optional(),
  tags: z.unknown().optional(),
  architecture: z.unknown().optional(),
  runtime: z.unknown().optional(),
  reservedConcurrency: z.unknown().optional(),
  logRetentionInDays: z.unknown().optional(),
  tracing: z.unknown().optional(),
  package: z.unknown().optional(),
};

/** Strict, so that a key which the local run would silently leave out refuses the start instead. */
const functionSchema = z.strictObject({
  ...withoutLocalMeaning,
  handler: z.string().regex(/^[^.]+\.[^.]+$/, "must be file.export"),
  name: z.string(),
  timeout: z.number().optional(),
  memorySize: z.number().optional(),
  environment,
  events: z.array(z.record(z.string(), z.unknown())).default([]),
  maximumRetryAttempts: z.number().optional(),
  maximumEventAge: z.number().optional(),
  destinations: z
    .strictObject({ onFailure: z.strictObject({ type: z.literal("sqs"), arn: z.unknown() }) })
    .optional(),
});

export const printedSchema = z.object({
  service: z.string(),
  provider: z.object({
    stage: z.string(),
    region: z.string(),
    stackName: z.string().optional(),
    timeout: z.number().optional(),
    memorySize: z.number().optional(),
    environment,
  }),
  functions: z.record(z.string(), functionSchema),
  resources: z.object({
    Conditions: z.record(z.string(), z.unknown()).default({}),
    Resources: z.record(
      z.string(),
      z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
    ),
  }),
});
