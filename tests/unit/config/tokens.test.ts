import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { ConfigurationError } from "../../../lib/config/error.ts";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { parseSettings } from "../../../lib/config/rollcall.ts";

const { configuration } = parseConfiguration({
  main: { path: "prometheus.yml", text: "scrape_configs: [{job_name: pods}, {job_name: nodes}]" },
  jobFiles: [],
});
const parse = (text: string) => parseSettings({ path: "rollcall.yml", text }, configuration).tokens;
const hash = createHash("sha256").update(randomBytes(24)).digest("hex");

describe("tokens of rollcall.yml", () => {
  test("say who may read which jobs of which clusters, and until when", () => {
    const [fleet, oncall] = parse(`
tokens:
- {name: fleet-a, sha256: ${hash.toUpperCase()}, jobs: [pods, nodes], clusters: ["prod-*"], expires: 2027-01-01T00:00:00Z}
- {name: oncall, sha256: ${hash}, jobs: ["*"], operate: true}
`);
    assert.deepEqual(fleet, {
      name: "fleet-a",
      sha256: hash,
      jobs: ["pods", "nodes"],
      clusters: ["prod-*"],
      operate: false,
      expires: Date.parse("2027-01-01"),
    });
    assert.deepEqual(oncall, { name: "oncall", sha256: hash, jobs: ["*"], clusters: ["*"], operate: true });
  });

  for (const [text, message] of [
    [`{sha256: ${hash}, jobs: []}`, /a token needs a name/],
    [`{name: a, jobs: []}`, /a token needs sha256/],
    [`{name: a, sha256: ${hash}}`, /a token needs jobs/],
    [`{name: "a:b", sha256: ${hash}, jobs: []}`, /no colon/],
    [`{name: a, sha256: ${hash}, jobs: [pods, gone]}`, /no job is named "gone"/],
    [`{name: a, sha256: ${hash}, jobs: [], expires: tomorrow}`, /expires must be a time/],
    [`{name: a, sha256: ${hash}, jobs: [], token: x}`, /field token not found/],
  ] as const) {
    test(`${text.replace(hash, "…")} is refused`, () => {
      assert.throws(
        () => parse(`tokens: [${text}]`),
        (error) => error instanceof ConfigurationError && message.test(error.message),
      );
    });
  }

  test("are hashes: a token that was written in place of its hash is refused and not repeated", () => {
    const token = randomBytes(12).toString("hex");
    assert.throws(
      () => parse(`tokens: [{name: a, sha256: ${token}, jobs: []}]`),
      (error) =>
        error instanceof ConfigurationError &&
        /64 hexadecimal/.test(error.message) &&
        !error.message.includes(token),
    );
  });
});
