import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, describe, test } from "node:test";
import { CelEngine, TemplateFile } from "@aws/cloudformation-validate";
import { parse as parseHcl } from "@cdktn/hcl2json";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { parse as parseYaml } from "yaml";
import * as z from "zod";
import { WebhookSubscriber } from "../../../../docs/examples/subscribers/cdk/stack.ts";
import { compilePattern } from "../../../../local/bus/pattern.ts";
import { type Resources, templateSchema } from "../../../template-rules/resources.ts";
import { expandSam } from "./expand-sam.ts";
import { subscriptionIn } from "./subscription.ts";

const root = resolve(import.meta.dirname, "../../../..");
const samFile = join(root, "docs/examples/subscribers/sam/template.yaml");

const folder = mkdtempSync(join(tmpdir(), "rollcall-templates-"));
after(() => rmSync(folder, { recursive: true }));

/** The function is not bundled here: the end-to-end suite runs it. */
const appIn = (outdir: string) =>
  new App({
    outdir: join(folder, outdir),
    context: { "aws:cdk:bundling-stacks": [] },
    analyticsReporting: false,
  });

const fromCdk = (): Resources => {
  const stack = new WebhookSubscriber(appIn("cdk"), "subscriber", {
    busName: "rollcall-dev",
    doorUrl: "https://door.example/dev",
    webhookUrl: "https://hooks.example/x",
    secretName: "rollcall/webhook",
    jobs: ["pods"],
  });
  return templateSchema.parse(Template.fromStack(stack).toJSON()).Resources;
};

/** The CDK knows SAM's resources, and refuses values of a wrong type and references that lead nowhere. */
const fromSam = (): Resources => {
  const stack = new Stack(appIn("sam"), "sam");
  new CfnInclude(stack, "template", { templateFile: samFile });
  return withJob(templateSchema.parse(Template.fromStack(stack).toJSON()).Resources);
};

const withJob = (resources: Resources): Resources =>
  templateSchema.parse({
    Resources: JSON.parse(
      JSON.stringify(resources)
        .replaceAll('{"Ref":"Job"}', '"pods"')
        .replace(dotted, '"Fn::GetAtt":["$1","$2"]'),
    ),
  }).Resources;

/** `!GetAtt A.B` in its short form. */
const dotted = /"Fn::GetAtt":"(\w+)\.(\w+)"/g;

/** AWS's own validator; what is merely advised is left out. */
const errorsIn = (text: string): string[] => {
  const file = join(folder, "template.json");
  writeFileSync(file, text);
  return engine
    .validateStandard(new TemplateFile(file))
    .diagnostics.filter(({ severity }) => severity === "ERROR" || severity === "FATAL")
    .map(({ ruleId, message }) => `${ruleId}: ${message}`);
};

const engine = new CelEngine();
after(() => engine.free());

const event = JSON.parse(readFileSync(join(root, "docs/events/target-group-changed.example.json"), "utf8"));

const assertPattern = (pattern: unknown) => {
  const matches = compilePattern(pattern);
  assert.equal(matches(event), true);
  assert.equal(matches({ ...event, detail: { ...event.detail, jobs: ["a", "pods"] } }), true);
  assert.equal(matches({ ...event, detail: { ...event.detail, jobs: ["nodes"] } }), false);
  assert.equal(matches({ ...event, "detail-type": "Discovery Due" }), false);
  assert.equal(matches({ ...event, source: "someone.else" }), false);
  // A newer contract ends in the dead-letter queue, with its reason in the log, rather than nowhere.
  assert.equal(matches({ ...event, detail: { ...event.detail, schema: 2 } }), true);
};

const sound = {
  retry: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 185 },
  redrive: { to: true, after: 5 },
  senders: Array.from({ length: 2 }, () => ['{"Service":"events.amazonaws.com"} for the rule']),
  mapping: { reads: true, batch: 10, answers: ["ReportBatchItemFailures"], atMost: 5 },
  lambda: {
    Runtime: "nodejs24.x",
    Architectures: ["arm64"],
    Timeout: 30,
    Environment: ["ROLLCALL_URL", "SECRET_ID", "WEBHOOK_URL"],
  },
  visibility: 180,
  alarmOn: true,
};

describe("the subscriber examples", () => {
  const sam = fromSam();
  for (const [name, make] of [
    ["CDK, synthesised", fromCdk],
    ["SAM, expanded", () => expandSam(sam)],
  ] as const) {
    test(`${name}: pattern, retries, dead letters, who may send, and what feeds the function`, () => {
      const resources = make();
      const { pattern, ...rest } = subscriptionIn(resources);
      assertPattern(pattern);
      assert.deepEqual(rest, sound);
      const Parameters = Object.fromEntries(
        ["BusName", "DoorUrl", "WebhookUrl", "KeysArn"].map((parameter) => [parameter, { Type: "String" }]),
      );
      const text = JSON.stringify({
        AWSTemplateFormatVersion: "2010-09-09",
        Parameters,
        Resources: resources,
      });
      assert.deepEqual(errorsIn(text), []);
    });
  }

  test("SAM, as it is written: AWS's validator finds nothing, and no description holds a stray key", () => {
    const text = readFileSync(samFile, "utf8");
    assert.deepEqual(errorsIn(text), []);
    assert.match(
      errorsIn(text.replace("Queue: !GetAtt Changes.Arn", "Queue: !GetAtt Chnages.Arn")).join(),
      /Chnages/,
    );
    const parameters = z.record(z.string(), z.strictObject({ Type: z.string(), Description: z.string() }));
    assert.equal(Object.keys(parameters.parse(parametersOf(text))).length, 5);
  });

  test("a misspelt property, or a queue that the rule may not send to, would be seen", () => {
    const change = (from: string, to: string): Resources => JSON.parse(JSON.stringify(sam).replace(from, to));
    assert.throws(() => expandSam(change('"MemorySize"', '"MemorySzie"')), /MemorySzie/);
    assert.throws(() => expandSam(change('"BatchSize"', '"BatchSzie"')), /BatchSzie/);
    const open = subscriptionIn(expandSam(change('"Condition":{"ArnEquals"', '"Condition":{"ArnLike"')));
    assert.match(open.senders.join(), /for anyone/);
    const { QueuesFromRule: _, ...closed } = sam;
    assert.deepEqual(subscriptionIn(expandSam(closed)).senders, [[], []]);
  });

  test("Terraform: parses, and has the same pattern; nothing else of it is run", async () => {
    const file = join(root, "docs/examples/subscribers/terraform/main.tf");
    const parsed = hcl.parse(await parseHcl("main.tf", readFileSync(file, "utf8")));
    const [{ pattern }] = parsed.locals;
    assertPattern(JSON.parse(JSON.stringify(pattern).replace(/"\$\{var\.jobs\}"/, '["pods"]')));
    assert.match(
      parsed.resource.aws_cloudwatch_event_rule.changes[0].event_pattern,
      /^\$\{jsonencode\(local\.pattern\)\}$/,
    );
    await assert.rejects(async () => parseHcl("bad.tf", "resource x {"));
  });
});

const hcl = z.object({
  locals: z.tuple([z.object({ pattern: z.unknown() })]),
  resource: z.object({
    aws_cloudwatch_event_rule: z.object({
      changes: z.tuple([z.object({ event_pattern: z.string() })]),
    }),
  }),
});

/** The section by itself; the rest of the file has tags of CloudFormation's. */
const parametersOf = (text: string): unknown => {
  const [, section = ""] = /^Parameters:\n((?: .*\n)+)/m.exec(text) ?? [];
  return parseYaml(section);
};
