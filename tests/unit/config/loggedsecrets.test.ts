import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { readSources } from "../../../lib/config/sources.ts";
import { createLog } from "../../../lib/log.ts";

const made: string[] = [];
const secret = () => {
  const value = `made-up-${made.length}-${process.hrtime.bigint()}`;
  made.push(value);
  return value;
};
const tls = () => `{cert: c, key: ${secret()}}`;
const proxy = () =>
  `proxy_url: "http://user:${secret()}@127.0.0.1:9", proxy_connect_header: {X-A: [${secret()}, ${secret()}]}`;
const headers = () => `http_headers: {X-B: {secrets: [${secret()}]}}`;
const blocks = () => [
  `basic_auth: {username: u, password: ${secret()}}`,
  `authorization: {credentials: ${secret()}}, tls_config: ${tls()}`,
  `bearer_token: ${secret()}, ${proxy()}, ${headers()}`,
  `oauth2: {client_id: c, client_secret: ${secret()}, token_url: "http://127.0.0.1:9/t", tls_config: ${tls()}, ${proxy()}}`,
];

/** Each kind of discovery that takes Prometheus's HTTP client block, with each kind of credential. */
const mechanisms: Record<string, string> = {
  kubernetes_sd_configs: 'role: pod, api_server: "http://127.0.0.1:9"',
  http_sd_configs: 'url: "http://127.0.0.1:9"',
  swarm_sd_configs: 'masters: ["http://127.0.0.1:9"]',
  docker_sd_configs: 'host: "http://127.0.0.1:9"',
  dockerswarm_sd_configs: 'role: nodes, host: "http://127.0.0.1:9"',
};

/** The names of the fields that `configuration.ts` gives the type Secret. */
const secretFields = () => {
  const source = readFileSync(new URL("../../../lib/config/configuration.ts", import.meta.url), "utf8");
  return [...source.matchAll(/readonly (\w+)\??: [^;]*\bSecret\b/g)].map(([, name = ""]) => name);
};

describe("a configuration in a log line", () => {
  test("has none of its secrets, whatever they are for", async () => {
    const jobs = Object.entries(mechanisms).map(([name, start]) => {
      const discovered = blocks().map((block) => `{${start}, ${block}}`);
      return `{job_name: ${name}, ${name}: [${discovered.join(", ")}]}`;
    });
    const main = `scrape_configs: [${jobs.join(", ")}]`;
    const files = {
      configFile: "prometheus.yml",
      readFile: async () => Buffer.from(main),
      glob: async () => [],
    };
    const { configuration } = parseConfiguration(await readSources(files));
    const lines: string[] = [];
    createLog({ level: "info", write: (line) => lines.push(line) }).info("read", { configuration });
    assert.equal(lines.length, 1);
    const [line = ""] = lines;
    for (const value of made) assert.ok(!line.includes(value), `shows ${value}`);
    assert.equal(line.split('"<secret>"').length - 1, made.length);
    const fields = secretFields();
    assert.ok(fields.length >= 7, fields.join());
    for (const name of fields) assert.match(line, new RegExp(`"${name}":[^<>]*"<secret>"`), name);
  });
});
