import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { parse } from "yaml";
import * as z from "zod";
import type { RollcallEvent, TargetGroupChanged } from "../../../docs/events/events.d.ts";
import { contractFiles } from "../../../docs/events/generate.ts";
import type {
  DiscoveryDue,
  GuardTripped,
  MetricsBatchReady,
  ProviderStatusChanged,
  RelayDue,
  TargetGroupChanged as TargetGroupChangedHere,
} from "../../../lib/targetgroup/event.ts";

const folder = new URL("../../../docs/events/", import.meta.url);
const read = (file: string) => readFile(new URL(file, folder), "utf8");

describe("the committed event contract", () => {
  test("is what the code says (npm run schemas writes it)", async () => {
    const files = await contractFiles();
    assert.ok(files.size >= 7, [...files.keys()].join());
    for (const [file, text] of files) {
      const committed = await read(file);
      // The formatter has its own idea of blanks in JSON.
      if (file.endsWith(".json")) assert.deepEqual(JSON.parse(committed), JSON.parse(text), file);
      else assert.equal(committed, text, file);
    }
  });
});

const messages = z.record(
  z.string(),
  z.object({
    title: z.string(),
    payload: z.unknown(),
    examples: z.array(z.object({ payload: z.unknown() })).min(1),
  }),
);

describe("the AsyncAPI document", () => {
  test("is valid by AsyncAPI's own schema of version 3.0", async () => {
    const isAsyncApi = asyncApiValidator();
    const document: unknown = parse(await read("asyncapi.yaml"));
    assert.ok(isAsyncApi(document), JSON.stringify(isAsyncApi.errors));
    const spoilt = { ...z.looseObject({}).parse(document), operations: { x: { action: "shout" } } };
    assert.equal(isAsyncApi(spoilt), false);
  });

  test("has no reference that leads nowhere", async () => {
    const text = await read("asyncapi.yaml");
    const document: unknown = parse(text);
    const references = [...text.matchAll(/\$ref: "?#\/([^"\n]+)"?/g)].map(([, path]) => path ?? "");
    assert.ok(references.length > 20, `${references.length}`);
    for (const path of references) assert.notEqual(at(document, path.split("/")), undefined, path);
  });

  test("describes each example of its own, and no event that lacks what it needs", async () => {
    const document = parse(await read("asyncapi.yaml"));
    const found = messages.parse(document.components.messages);
    assert.equal(Object.keys(found).length, 6);
    for (const { title, payload, examples } of Object.values(found)) {
      const validate = ajv().compile({ ...Object(payload), components: document.components });
      for (const { payload: example } of examples) {
        assert.ok(validate(example), `${title}: ${JSON.stringify(validate.errors)}`);
        const { detail, ...rest } = z.looseObject({ detail: z.looseObject({}) }).parse(example);
        assert.equal(validate(rest), false, title);
        assert.equal(validate({ ...rest, detail: { ...detail, schema: 2 } }), false, title);
      }
    }
  });
});

const ajv = () => {
  const made = new Ajv({ strict: false, allErrors: true });
  formats.default(made);
  return made;
};

const asyncApiValidator = (): ValidateFunction => {
  const require = createRequire(import.meta.url);
  return ajv().compile(require("@asyncapi/specs/schemas/3.0.0-without-$id.json"));
};

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inside, key) => (inside instanceof Object ? Reflect.get(inside, key) : undefined),
    value,
  );

describe("the types for subscribers", () => {
  test("tell events apart by their detail type, and a group from a claim", () => {
    const wordOf = (event: RollcallEvent): string => {
      switch (event["detail-type"]) {
        case "Target Group Changed":
          return sourceOf(event.detail satisfies TargetGroupChangedHere);
        case "Provider Status Changed":
          return (event.detail satisfies ProviderStatusChanged).to;
        case "Guard Tripped":
          return (event.detail satisfies GuardTripped).since;
        case "Discovery Due":
          return (event.detail satisfies DiscoveryDue).cluster;
        case "Relay Due":
          return (event.detail satisfies RelayDue).cluster;
        case "Metrics Batch Ready":
          return (event.detail satisfies MetricsBatchReady).cluster;
      }
    };
    const sourceOf = (detail: TargetGroupChanged): string =>
      detail.claim === undefined ? detail.group.source : detail.claim.source;
    // @ts-expect-error a detail has a group or a claim
    const neither: TargetGroupChanged = { ...example, group: undefined };
    assert.equal(
      wordOf({ ...envelope, "detail-type": "Target Group Changed", detail: example }),
      "pod/shop/web-1",
    );
    assert.equal(neither.group, undefined);
  });
});

const example: TargetGroupChanged = {
  schema: 1,
  provider: "kubernetes/3f9a1c0b7d24",
  cluster: "prod-eu",
  jobs: ["pods"],
  change: "removed",
  version: { epoch: 1, sequence: 1 },
  hash: "0".repeat(64),
  observedAt: "2026-11-22T12:00:00.000Z",
  group: { source: "pod/shop/web-1", labels: {}, targets: [] },
};

const envelope = {
  version: "0" as const,
  id: "1",
  source: "rollcall.discovery" as const,
  account: "000000000000",
  time: "2026-11-22T12:00:00Z",
  region: "eu-central-1",
  resources: [],
};
