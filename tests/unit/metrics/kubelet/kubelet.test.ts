import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { after, afterEach, describe, test } from "node:test";
import { defaultHttpClient } from "../../../../lib/config/http-client.ts";
import type { SourceKind } from "../../../../lib/config/metrics/settings.ts";
import { Secret } from "../../../../lib/config/secret.ts";
import { createKubeletTransport } from "../../../../lib/discovery/kubernetes/client.ts";
import { createTransport } from "../../../../lib/http/client.ts";
import type { Transport } from "../../../../lib/http/transport.ts";
import { createKubelet } from "../../../../lib/metrics/kubelet/kubelet.ts";
import { type FakeKubelet, type KubeletOptions, startKubelet } from "../../../fakes/kubelet.ts";
import { authority, createFolder } from "../../discovery/kubernetes/tlsserver.ts";
import { createAuthority } from "../../http/support/certificates.ts";
import { recipe } from "./recipe.ts";

const node = { name: "test", hostname: "host-1", hostId: "i-1", address: "127.0.0.1", unschedulable: false };
const now = Date.parse("2026-01-01T01:00:05Z");
const window = { start: Date.parse("2026-01-01T00:59:00Z"), end: Date.parse("2026-01-01T01:00:00Z") };
const serving = authority.issue("kubelet");
const folder = createFolder();
after(folder.remove);

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
const started = async (options: KubeletOptions): Promise<FakeKubelet> => {
  const kubelet = await startKubelet(options);
  open.push(kubelet);
  return kubelet;
};

interface Asking {
  readonly kind?: SourceKind;
  readonly transport?: Transport;
  readonly https?: boolean;
  readonly proxy?: boolean;
  readonly signal?: AbortSignal;
}

const scrape = (kubelet: FakeKubelet, asking: Asking = {}) => {
  const { kind = "kubernetes.summary_api", transport, https = false, proxy = false } = asking;
  const plain = transport ?? createTransport(defaultHttpClient);
  open.push(plain);
  const source = createKubelet(node, {
    kind,
    settings: { port: kubelet.port, https, insecure: false, proxy },
    transport: plain,
    server: new URL(`http://127.0.0.1:${kubelet.port}/prefix/`),
    now: () => now,
  });
  return source.scrape(window, asking.signal ?? AbortSignal.timeout(30_000));
};

const credentials = { type: "Bearer", credentials: new Secret("made-up-at-run-time") };
const trusting = (ca: string, insecure = false) =>
  createKubeletTransport(
    {
      kind: "api-server",
      url: "https://127.0.0.1:1",
      httpClient: {
        ...defaultHttpClient,
        authorization: credentials,
        tls: { insecureSkipVerify: true, ca, serverName: "api.example" },
      },
    },
    { insecure },
  );

const kubeconfig = (ca: string) =>
  folder.write(
    "kubeconfig",
    JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
      clusters: [
        {
          name: "k",
          cluster: {
            server: "https://127.0.0.1:1",
            "certificate-authority-data": Buffer.from(ca).toString("base64"),
            "tls-server-name": "api.example",
          },
        },
      ],
      users: [{ name: "u", user: { token: "of-the-kubeconfig" } }],
    }),
  );

describe("a kubelet", () => {
  test("is asked for its summary, with no credentials over plain HTTP", async () => {
    const kubelet = await started({ answer: () => recipe });
    const sets = await scrape(kubelet);
    assert.equal(sets.size, 18);
    assert.deepEqual(kubelet.requests, [
      { method: "GET", path: "/stats/summary/", authorization: undefined, body: "" },
    ]);
  });

  test("is asked for cAdvisor's containers of the window", async () => {
    const stats = [{ timestamp: "2026-01-01T01:00:00Z", cpu: { usage: { total: 5 } } }];
    const kubelet = await started({ answer: () => ({ "/": { name: "/", spec: { has_cpu: true }, stats } }) });
    const sets = await scrape(kubelet, { kind: "kubernetes" });
    assert.equal(sets.get("node:test")?.values.get("cpu/usage")?.value, 5n);
    const [asked] = kubelet.requests;
    assert.deepEqual([asked?.method, asked?.path], ["POST", "/stats/container/"]);
    assert.deepEqual(JSON.parse(asked?.body ?? ""), {
      containerName: "/",
      num_stats: 1,
      start: "2026-01-01T00:59:00.000Z",
      end: "2026-01-01T01:00:00.000Z",
      subcontainers: true,
    });
  });

  test("is asked through the API server's node proxy, below the server's own path", async () => {
    const server = await started({ answer: () => recipe });
    await scrape(server, { proxy: true });
    assert.equal(server.requests[0]?.path, "/prefix/api/v1/nodes/test/proxy/stats/summary/");
  });

  test("is sent the cluster's token once its certificate is verified, whatever name the API server goes by", async () => {
    const kubelet = await started({ tls: serving, answer: () => recipe });
    await scrape(kubelet, { https: true, transport: await trusting(authority.cert) });
    const file = kubeconfig(authority.cert);
    const transport = await createKubeletTransport({ kind: "kubeconfig", file }, { insecure: false });
    await scrape(kubelet, { https: true, transport });
    assert.deepEqual(
      kubelet.requests.map(({ authorization }) => authorization),
      ["Bearer made-up-at-run-time", "Bearer of-the-kubeconfig"],
    );
  });

  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const)
    test(`is sent nothing over ${maxVersion} when its certificate is somebody else's, unless that is allowed`, async () => {
      const kubelet = await started({ tls: { ...serving, maxVersion }, answer: () => recipe });
      const stranger = createAuthority("stranger").cert;
      await assert.rejects(
        scrape(kubelet, { https: true, transport: await trusting(stranger) }),
        /certificate/,
      );
      const file = kubeconfig(stranger);
      const transport = await createKubeletTransport({ kind: "kubeconfig", file }, { insecure: false });
      await assert.rejects(scrape(kubelet, { https: true, transport }), /certificate/);
      assert.deepEqual(kubelet.requests, []);
      await scrape(kubelet, { https: true, transport: await trusting(stranger, true) });
      const lax = await createKubeletTransport({ kind: "kubeconfig", file }, { insecure: true });
      await scrape(kubelet, { https: true, transport: lax });
      assert.equal(kubelet.requests.length, 2);
    });

  test("is not followed elsewhere", async () => {
    const other = await started({ answer: () => recipe });
    const kubelet = await started({
      tls: serving,
      answer: (_, response) =>
        void response.writeHead(302, { location: `http://127.0.0.1:${other.port}/stats/summary/` }).end(),
    });
    await assert.rejects(
      scrape(kubelet, { https: true, transport: await trusting(authority.cert) }),
      /302 Found/,
    );
    assert.deepEqual(other.requests, []);
  });
});

describe("a kubelet is left out", () => {
  const refused = async (
    answer: (response: ServerResponse) => unknown,
    expected: RegExp,
    asking: Asking = {},
  ) => {
    const kubelet = await started({ answer: (_, response) => answer(response) });
    await assert.rejects(scrape(kubelet, asking), (error: Error) => {
      assert.match(error.message, expected);
      assert.match(error.message, /^GET http:\/\/127\.0\.0\.1:\d+\/stats\/summary\/: |^http:/);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  };

  test("when it answers a page for people", () =>
    refused(
      (response) => void response.setHeader("content-type", "text/html").end("<html>log in</html>"),
      /not valid JSON \(text\/html\)/,
    ));

  test("when it refuses, with its own words", async () => {
    await refused(
      (response) => void response.writeHead(401).end("Unauthorized\n"),
      /401 Unauthorized: Unauthorized$/,
    );
    await refused(
      (response) => void response.writeHead(404).end("404 page not found"),
      /404 Not Found: 404 page/,
    );
    await refused(
      (response) => void response.writeHead(500, { "content-type": "text/html" }).end("<h1>secret</h1>"),
      /500 Internal Server Error$/,
    );
  });

  test("when half its answer is missing", () =>
    refused((response) => {
      response.writeHead(200, { "content-length": 1000 }).write('{"node":');
      setImmediate(() => response.destroy());
    }, /aborted|hang up|broke|reset/));

  test("when its answer is huge", () =>
    refused((response) => {
      response.on("error", () => undefined);
      const chunk = Buffer.alloc(1024 * 1024, " ");
      for (let sent = 0; sent < 34; sent++) response.write(chunk);
      response.end("{}");
    }, /larger than 33554432 bytes/));

  test("when it is not done in time", async () => {
    const over = new AbortController();
    await refused(
      () => {
        over.abort(new Error("no answer within 20000 ms"));
      },
      /no answer within 20000 ms/,
      { signal: over.signal },
    );
  });

  test("when its clock cannot be right", async () => {
    const at = (time: string) => ({ ...recipe, node: { ...recipe.node, cpu: { ...recipe.node.cpu, time } } });
    await refused(
      (response) => void response.end(JSON.stringify(at("2026-01-01T01:10:05Z"))),
      /in the future: 600 s from our own/,
    );
    await refused(
      (response) => void response.end(JSON.stringify(at("2026-01-01T00:50:05Z"))),
      /too long ago: -600 s/,
    );
  });

  test("when a field is not what it should be", () =>
    refused(
      (response) => void response.end('{"node":{"nodeName":7}}'),
      /node\.nodeName: expected a string, got a number/,
    ));
});
