import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { type ApiServer, startApiServer } from "../../../local/demo/apiserver.ts";
import { listening } from "../../fakes/listening.ts";
import { temporaryFolder } from "../folder.ts";
import type { DiscoveryJob } from "../prometheus.ts";
import { type Rollcall, ready, reload, startRollcall } from "../rollcall.ts";
import { writeConfig } from "./cluster.ts";

const secret = () => `s3cret${randomBytes(9).toString("hex")}`;

/** Promise 7, on the running program: every place that can hold a secret holds one, and every look fails. */
describe("secrets", () => {
  const folder = temporaryFolder("secrets");
  const secrets = Array.from({ length: 9 }, secret);
  let hostile: Server;
  let apiServer: ApiServer;
  let rollcall: Rollcall;

  before(async () => {
    apiServer = await startApiServer();
    hostile = echoing();
    const port = await listening(hostile);
    rollcall = await startRollcall({
      config: writeConfig(folder.path, jobsWith(secrets, apiServer.url, `127.0.0.1:${port}`)),
      data: `${folder.path}/data`,
    });
    await ready(rollcall);
  });

  after(async () => {
    await rollcall.stop();
    await apiServer.close();
    hostile.closeAllConnections();
    hostile.close();
    folder.remove();
  });

  test("are in no answer, error, identifier or log line, even when a server repeats them", async () => {
    await reload(rollcall);
    const paths = [
      "",
      "api/v1/providers",
      "metrics",
      "-/ready",
      ...jobNames.map((name) => `sd/${name}`),
      "sd/nope",
    ];
    const answers = await Promise.all(
      paths.map(async (path) => (await fetch(`${rollcall.url}/${path}`)).text()),
    );
    const shown = [...answers, rollcall.output()].join("\n");
    for (const [index, value] of secrets.entries())
      assert.ok(!shown.includes(value), `secret ${index} in ${shown}`);
    const providers = await rollcall.providers();
    assert.equal(providers.length, jobNames.length);
    for (const { lastError, jobs } of providers) assert.notEqual(lastError, "", `${jobs.join()} should fail`);
  });
});

const jobNames = ["bearer", "echoed", "basic", "query", "userinfo", "header", "proxy", "swarm"];

const jobsWith = (secrets: readonly string[], server: string, hostile: string): DiscoveryJob[] => {
  const [bearer, password, token, user, pass, header, proxy, swarm, echoed] = secrets;
  const kubernetes = (
    job_name: string,
    api_server: string,
    credentials: string | undefined,
  ): DiscoveryJob => ({
    job_name,
    kubernetes_sd_configs: [{ role: "pod", api_server, authorization: { credentials } }],
  });
  const http = (job_name: string, block: object): DiscoveryJob => ({ job_name, http_sd_configs: [block] });
  const url = `http://${hostile}/targets`;
  return [
    kubernetes("bearer", server, bearer),
    kubernetes("echoed", `http://${hostile}`, echoed),
    http("basic", { url, basic_auth: { username: "me", password } }),
    http("query", { url: `${url}?token=${token}` }),
    http("userinfo", { url: `http://${user}:${pass}@${hostile}/targets` }),
    http("header", { url, http_headers: { "X-Key": { secrets: [header] } } }),
    http("proxy", { url: "http://127.0.0.1:9/targets", proxy_url: `http://me:${proxy}@${hostile}` }),
    {
      job_name: "swarm",
      swarm_sd_configs: [{ masters: [`http://${hostile}`], authorization: { credentials: swarm } }],
    },
  ];
};

/** A server that answers with an error and says everything that it was told, in the status line too. */
const echoing = (): Server =>
  createServer((request, response) => {
    const told = `${request.url} ${JSON.stringify(request.headers)}`;
    response.writeHead(500, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify({ kind: "Status", apiVersion: "v1", code: 500, reason: told, message: told }),
    );
  });
