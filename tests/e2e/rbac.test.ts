import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { parseAllDocuments, stringify } from "yaml";
import * as z from "zod";
import { main } from "../../cli/main.ts";
import { systemClock } from "../../lib/clock.ts";
import { kubernetesRoles } from "../../lib/config/configuration.ts";
import { understand } from "../../lib/config/understand.ts";
import { createFollow } from "../../lib/discovery/followers.ts";
import { createDiscoverer } from "../../lib/discovery/mechanisms.ts";
import { planProviders } from "../../lib/discovery/plan.ts";
import { reasonOf } from "../../lib/errors.ts";
import { gather } from "../../lib/tick/gather.ts";
import { type ControlPlane, type Manifest, startControlPlane } from "./control-plane.ts";
import { eventually } from "./eventually.ts";
import { temporaryFolder } from "./folder.ts";

const manifests = z.array(
  z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({ name: z.string() }) }),
);
const tokenAnswer = z.object({ status: z.object({ token: z.string() }) });

/** A service account on a real API server, with what `rollcall rbac` writes and nothing more. */
describe("the rights that `rollcall rbac` writes", () => {
  const folder = temporaryFolder("rbac");
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane();
    await cluster.create([
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "rollcall" } },
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
    ]);
  });
  after(async () => {
    await cluster?.stop();
    folder.remove();
  });

  const attach = { node: true, namespace: true, deployment: true, job: true, cronjob: true };

  /** Writes a configuration whose jobs ask with the account's own token, once the account is there. */
  const accountFor = async (name: string, blocks: readonly object[]) => {
    const config = join(folder.path, `${name}.yml`);
    const tokenFile = join(folder.path, `${name}.token`);
    const access = {
      api_server: cluster.url,
      tls_config: { ca_file: cluster.caFile },
      bearer_token_file: tokenFile,
    };
    const jobs = blocks.map((block, at) => ({
      job_name: `job-${at}`,
      kubernetes_sd_configs: [{ ...block, ...access }],
    }));
    writeFileSync(config, stringify({ scrape_configs: jobs }));
    const written = await run(["rbac", "--config", config, "--name", name]);
    const objects = parseAllDocuments(written).map((document) => document.toJS());
    for (const object of manifests.parse(objects)) await cluster.create([object as Manifest]);
    const asked = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    const path = `/api/v1/namespaces/rollcall/serviceaccounts/${name}/token`;
    const { token } = tokenAnswer.parse(await cluster.ask("POST", path, asked)).status;
    writeFileSync(tokenFile, token);
    const document = await gather({ configFile: config, inCluster: false });
    const { configuration, settings } = understand(document);
    const key = Buffer.alloc(32);
    return { token, providers: planProviders({ configuration, settings, key, servers: {} }) };
  };

  const run = async (words: readonly string[]): Promise<string> => {
    let out = "";
    const write = (text: string) => {
      out += text;
    };
    const screen = { write, columns: undefined };
    const stopped = new AbortController().signal;
    const io = { out: screen, err: screen, environment: {}, clock: systemClock, stopped };
    assert.equal(await main(words, io), 0, out);
    return out;
  };

  const everything = [
    ...kubernetesRoles.map((role) => ({ role, attach_metadata: attach })),
    { role: "pod", namespaces: { names: ["shop"] } },
  ];

  test("are enough for a look and a watch of every role with everything attached", async () => {
    const { providers } = await accountFor("all", everything);
    // The authoriser learns of new roles a moment later.
    await eventually("a look has no problems", 20, async () => {
      const outcomes = await createDiscoverer()(providers, AbortSignal.timeout(20_000));
      const told = outcomes.flatMap((one) => ("error" in one ? [reasonOf(one.error)] : one.look.problems));
      assert.deepEqual(told, []);
      assert.equal(outcomes.length, providers.length);
    });
    const listener = { changed: () => undefined, lookAgain: () => undefined };
    const following = createFollow()({ cluster: cluster.url, providers }, listener);
    try {
      const outcomes = await following.look(providers, AbortSignal.timeout(20_000));
      assert.deepEqual(
        outcomes.flatMap((one) => ("error" in one ? [reasonOf(one.error)] : one.look.problems)),
        [],
      );
      assert.deepEqual(
        providers.flatMap((provider) => following.troubles(provider)),
        [],
      );
    } finally {
      await following.end({ keep: false });
    }
  });

  test("are no more than that: nothing is written, nothing else is read, not even one object by its name", async () => {
    const { token } = await accountFor("strict", everything);
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "x" }, spec: { containers: [] } };
    const refused: [method: string, path: string, body?: object][] = [
      ["GET", "/api/v1/secrets"],
      ["GET", "/api/v1/namespaces/shop/secrets"],
      ["GET", "/api/v1/configmaps"],
      ["GET", "/api/v1/serviceaccounts"],
      ["GET", "/apis/apps/v1/deployments"],
      ["GET", "/api/v1/namespaces/shop/pods/x"],
      ["GET", "/api/v1/namespaces/shop/pods/x/log"],
      ["GET", "/api/v1/nodes/x/proxy/metrics"],
      ["POST", "/api/v1/namespaces/shop/pods", pod],
      ["DELETE", "/api/v1/namespaces/shop/pods/x"],
      ["PATCH", "/api/v1/nodes/x", {}],
      ["DELETE", "/api/v1/namespaces/shop"],
      ["POST", "/api/v1/namespaces/rollcall/serviceaccounts/strict/token", {}],
      ["GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles"],
    ];
    await eventually("the account may list pods", 20, async () =>
      assert.equal(await statusOf(token, "GET", "/api/v1/pods"), 200),
    );
    for (const [method, path, body] of refused) {
      assert.equal(await statusOf(token, method, path, body), 403, `${method} ${path}`);
    }
  });

  test("of single namespaces end there", async () => {
    const { token, providers } = await accountFor("narrow", [
      { role: "pod", namespaces: { names: ["shop"] } },
    ]);
    await eventually("a look has no problems", 20, async () => {
      const [outcome] = await createDiscoverer()(providers, AbortSignal.timeout(20_000));
      assert.ok(
        outcome && "look" in outcome,
        outcome && "error" in outcome ? reasonOf(outcome.error) : "none",
      );
      assert.deepEqual(outcome.look.problems, []);
    });
    for (const path of [
      "/api/v1/pods",
      "/api/v1/namespaces/default/pods",
      "/api/v1/nodes",
      "/api/v1/namespaces/shop/services",
    ]) {
      assert.equal(await statusOf(token, "GET", path), 403, path);
    }
  });

  const statusOf = (token: string, method: string, path: string, body?: object): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = {
        Authorization: `Bearer ${token}`,
        "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
      };
      const ca = readFileSync(cluster.caFile);
      const sent = request(
        new URL(path, cluster.url),
        { method, headers, ca, timeout: 20_000 },
        (response) => {
          response.resume();
          response.once("end", () => resolve(response.statusCode ?? 0));
        },
      );
      sent.once("error", reject);
      sent.end(body && JSON.stringify(body));
    });
});
