import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, type ScalarTag } from "yaml";
import * as z from "zod";
import { repository } from "../process.ts";

/**
 * A copy of the repository whose serverless.yml also has the SAM example's subscriber: its rule, its queues and its function,
 * so that they run on the local bus as they would beside a deployed Rollcall.
 */
export const copyWithSubscriber = (
  folder: string,
  { job, environment }: { job: string; environment: Readonly<Record<string, string>> },
): string => {
  const copy = join(folder, "rollcall");
  mkdirSync(join(copy, "node_modules"), { recursive: true });
  for (const name of ["functions", "lib", "local", "page", "infra", "docs/examples", "docs/openapi"])
    cpSync(join(repository, name), join(copy, name), { recursive: true });
  for (const name of ["package.json", "tsconfig.json"]) cpSync(join(repository, name), join(copy, name));
  // Without its cache, which two programs would fight over.
  for (const name of readdirSync(join(repository, "node_modules")).filter((one) => one !== ".cache"))
    symlinkSync(join(repository, "node_modules", name), join(copy, "node_modules", name));
  const { resources, webhook } = subscriberOf(job);
  const service = readFileSync(join(repository, "serverless.yml"), "utf8");
  const handler = "docs/examples/subscribers/webhook/handler.handler";
  const text = service
    .replace(
      /^functions:\n/m,
      `functions:\n  webhook: ${JSON.stringify({ ...webhook, handler, environment })}\n`,
    )
    .replace(/^resources:\n/m, `resources:\n  - $\{file(infra/subscriber.json)}\n`);
  assert.ok(
    text.includes("  webhook: {") && text.includes("infra/subscriber.json"),
    "serverless.yml is not as expected",
  );
  writeFileSync(join(copy, "serverless.yml"), text);
  writeFileSync(join(copy, "infra/subscriber.json"), JSON.stringify({ Resources: resources }));
  return copy;
};

const sam = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) }),
  ),
});
const sqs = z.object({
  Timeout: z.number(),
  Events: z.object({
    Changes: z.object({
      Properties: z.object({
        Queue: z.unknown(),
        BatchSize: z.number(),
        FunctionResponseTypes: z.tuple([z.string()]),
        ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
      }),
    }),
  }),
});

/** The template's resources under names of their own, and its function as the deploy tool has it. */
const subscriberOf = (job: string) => {
  const text = readFileSync(join(repository, "docs/examples/subscribers/sam/template.yaml"), "utf8");
  const { Resources } = sam.parse(parse(text, { customTags: [short("!Ref"), short("!GetAtt")] }));
  const parameters = new Map<string, unknown>([
    ["BusName", { "Fn::GetAtt": ["Bus", "Name"] }],
    ["Job", job],
  ]);
  const own = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(own);
    if (typeof value !== "object" || value === null) return value;
    const { Ref, "Fn::GetAtt": attribute } = reference.parse(value);
    if (Ref !== undefined) return parameters.get(Ref) ?? { Ref: `Subscriber${Ref}` };
    if (attribute !== undefined) return { "Fn::GetAtt": [`Subscriber${attribute[0]}`, attribute[1]] };
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, own(member)]));
  };
  const { Webhook, ...rest } = Resources;
  const { Timeout, Events } = sqs.parse(Webhook?.Properties);
  const { Queue, BatchSize, FunctionResponseTypes, ScalingConfig } = Events.Changes.Properties;
  const event = {
    arn: own(Queue),
    batchSize: BatchSize,
    functionResponseType: FunctionResponseTypes[0],
    maximumConcurrency: ScalingConfig.MaximumConcurrency,
  };
  // What fails comes again after three minutes; nobody waits for that here.
  const changes = { ...rest.Changes?.Properties, VisibilityTimeout: 2 };
  const named = Object.entries({ ...rest, Changes: { Type: "AWS::SQS::Queue", Properties: changes } });
  return {
    resources: Object.fromEntries(named.map(([id, resource]) => [`Subscriber${id}`, own(resource)])),
    webhook: { timeout: Timeout, events: [{ sqs: event }] },
  };
};

const reference = z.object({
  Ref: z.string().optional(),
  "Fn::GetAtt": z.tuple([z.string(), z.string()]).optional(),
});

/** CloudFormation's short forms. */
const short = (tag: "!Ref" | "!GetAtt"): ScalarTag => ({
  tag,
  resolve: (text) => (tag === "!Ref" ? { Ref: text } : { "Fn::GetAtt": text.split(".") }),
});
