import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as z from "zod";
import { createLog } from "../../lib/log.ts";
import { createDynamoStatuses } from "../../lib/pool/dynamodb.ts";
import { createTable } from "../../lib/table/dynamodb.ts";
import { startTableServer } from "../contract/table.ts";
import { startAwsService } from "../fakes/awsservice.ts";
import { startS3 } from "../fakes/s3.ts";
import { discoveryDueEvent, scheduled } from "./recorded.ts";

const entriesSchema = z.object({
  Entries: z.array(z.object({ DetailType: z.string(), Detail: z.string() })),
});
const eventSchema = z.object({
  cluster: z.string().optional(),
  group: z.object({ source: z.string() }).optional(),
});

/** The environment as the deployed stack has it, but for the endpoints; before any handler is imported. */
const prepare = async () => {
  const s3 = await startS3();
  const put: { DetailType: string; Detail: string }[] = [];
  const service = await startAwsService((operation, input) => {
    if (operation === "GetParameter")
      return { status: 400, body: { __type: "ParameterNotFound", message: "" } };
    const { Entries } = entriesSchema.parse(input);
    put.push(...Entries);
    return { body: { FailedEntryCount: 0, Entries: Entries.map((_, at) => ({ EventId: String(at) })) } };
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: service.config.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: await startTableServer("rollcall"),
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    WHERE: "cloud",
    TABLE_NAME: "rollcall",
    BUS_NAME: "rollcall",
    DEAD_LETTER_URL: `${service.config.endpoint}/000000000000/dead`,
    CONFIG_FILE: "s3://conf/prod/prometheus.yml",
    SETTINGS_FILE: "s3://conf/prod/rollcall.yml",
    LOG_LEVEL: "error",
  });
  return { s3, put };
};

const { s3, put } = await prepare();
const context = { awsRequestId: "request", getRemainingTimeInMillis: () => 60_000 };
const tickNow = async () => (await import("../../functions/tick.ts")).handler(scheduled, context);
const faultsOf = (ticked: unknown) =>
  z
    .object({
      configuration: z.looseObject({ outcome: z.string() }),
      faults: z.object({ refused: z.boolean(), missing: z.boolean() }),
    })
    .parse(ticked);

/** Looks at everything that was ordered; what the looks put on the bus is returned. */
const lookNow = async () => {
  const { handler: discover } = await import("../../functions/discover.ts");
  const due = put.splice(0).filter(({ DetailType }) => DetailType === "Discovery Due");
  for (const { Detail } of due) await discover(discoveryDueEvent(JSON.parse(Detail)), context);
  return put
    .splice(0)
    .map(
      ({ DetailType, Detail }) =>
        `${DetailType} ${eventSchema.parse(JSON.parse(Detail)).group?.source ?? ""}`,
    );
};

describe("the functions in the cloud", () => {
  test("say what is missing before there is a configuration, and begin once it is there", async () => {
    const before = faultsOf(await tickNow());
    assert.deepEqual(before.faults, { refused: false, missing: true });
    s3.objects.set("conf/prod/rollcall.yml", "guard: {min_removed: 20}");
    s3.objects.set("conf/prod/targets/a.json", '[{"targets": ["10.0.0.1:1"]}]');
    s3.objects.set(
      "conf/prod/prometheus.yml",
      "scrape_configs: [{job_name: a, file_sd_configs: [{files: ['targets/*.json']}]}]",
    );
    assert.deepEqual(faultsOf(await tickNow()).faults, { refused: false, missing: false });
    assert.deepEqual(await lookNow(), ["Target Group Changed s3://conf/prod/targets/a.json:0"]);
  });

  test("refuse a literal secret and go on with what was accepted", async () => {
    const good = s3.objects.get("conf/prod/prometheus.yml") ?? "";
    s3.objects.set(
      "conf/prod/prometheus.yml",
      `${good}\nremote_write: [{url: 'http://x', bearer_token: hunter2}]`,
    );
    const { configuration, faults } = faultsOf(await tickNow());
    assert.deepEqual([configuration.outcome, faults], ["kept", { refused: true, missing: false }]);
    assert.doesNotMatch(JSON.stringify(configuration), /hunter2/);
    s3.objects.set("conf/prod/prometheus.yml", good);
  });

  test("reach nothing inwards, and tell of a secret that is missing by its reference, for the alarm", async () => {
    s3.objects.set(
      "conf/prod/prometheus.yml",
      [
        "scrape_configs:",
        "- {job_name: in, http_sd_configs: [{url: 'http://169.254.170.2/v2/credentials'}]}",
        "- {job_name: b, http_sd_configs: [{url: 'http://203.0.113.9/', bearer_token: '${ssm:/sd}'}]}",
      ].join("\n"),
    );
    await tickNow();
    await lookNow();
    const statuses = createDynamoStatuses(createTable("rollcall"), createLog({ level: "error" }));
    const told = (await statuses.list())
      .map(({ jobs, lastError }) => `${jobs.join()}: ${lastError}`)
      .join("\n");
    assert.match(
      told,
      /^in: 169\.254\.170\.2 is a loopback or link-local address|\nin: .*169\.254\.170\.2 is a loopback/m,
    );
    assert.match(told, /b: \$\{ssm:\/sd\} is named by the configuration and cannot be read: /);
    assert.deepEqual(faultsOf(await tickNow()).faults, { refused: false, missing: true });
  });
});
