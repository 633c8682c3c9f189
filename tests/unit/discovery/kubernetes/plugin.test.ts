import assert from "node:assert/strict";
import { chmodSync } from "node:fs";
import { after, afterEach, describe, test } from "node:test";
import { createClient } from "../../../../lib/discovery/kubernetes/client.ts";
import { runPlugin } from "../../../../lib/discovery/kubernetes/plugin.ts";
import { cleanUp } from "./listing.ts";
import { authority, createFolder, startTlsServer } from "./tlsserver.ts";

const folder = createFolder();
after(folder.remove);
afterEach(cleanUp);

const echo = (text: string) => ({ command: "echo", args: [text], env: [] });

/** JSON is YAML, too. */
const clientWith = (server: string, exec: object) => {
  const cluster = { server, "certificate-authority-data": Buffer.from(authority.cert).toString("base64") };
  const config = {
    "current-context": "it",
    clusters: [{ name: "c", cluster }],
    contexts: [{ name: "it", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user: { exec } }],
  };
  const file = folder.write("kubeconfig", JSON.stringify(config));
  return createClient({ kind: "kubeconfig", file }, { environment: {} });
};

const ask = async (client: ReturnType<typeof clientWith>, signal = AbortSignal.timeout(20_000)) => {
  const { server, transport } = await client;
  try {
    const answer = await transport.open(new URL("/api/v1/pods", server), {
      signal,
      timeoutMilliseconds: 20_000,
    });
    answer.body.destroy();
    return answer.status;
  } finally {
    transport.close();
  }
};

describe("an exec plugin", () => {
  test("is run beside the kubeconfig and told what it wants to know", async () => {
    const server = await startTlsServer();
    const lines = [
      "#!/bin/sh",
      'found=$(echo "$KUBERNETES_EXEC_INFO" | grep -c "$WANTED")',
      'echo "{\\"status\\":{\\"token\\":\\"$1-$WHO-$found\\"}}"',
    ];
    chmodSync(folder.write("plugin", `${lines.join("\n")}\n`), 0o755);
    const env = Object.entries({ WHO: "me", WANTED: server.url }).map(([name, value]) => ({ name, value }));
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./plugin", args: ["arg"], env };
    await ask(clientWith(server.url, { ...exec, provideClusterInfo: true }));
    await ask(clientWith(server.url, exec));
    assert.deepEqual(
      server.asked.map(({ authorization }) => authorization),
      ["Bearer arg-me-1", "Bearer arg-me-0"],
    );
  });

  test("may give a certificate", async () => {
    const server = await startTlsServer();
    const { cert, key } = authority.issue("plugged");
    const status = { clientCertificateData: cert, clientKeyData: key };
    await ask(clientWith(server.url, echo(JSON.stringify({ status }))));
    assert.equal(server.asked[0]!.person, "plugged");
  });

  test("that hangs is not waited for longer than the look lasts", async () => {
    const exec = { command: "sleep", args: ["1"] };
    const stopped = AbortSignal.abort(new Error("time is up"));
    await assert.rejects(ask(clientWith("https://127.0.0.1:1", exec), stopped), /before the time was up/);
  });

  test("finds its standard input closed", async () => {
    await assert.rejects(runPlugin({ command: "cat", args: [], env: [] }), /printed no ExecCredential/);
  });

  for (const printed of [
    "s3cret",
    '{"status":{"token":""}}',
    '{"status":{"s3cret":1}}',
    '{"token":"s3cret"}',
  ]) {
    test(`that prints ${printed} is refused without repeating it`, async () => {
      await assert.rejects(runPlugin(echo(printed)), {
        message: "the plugin echo printed no ExecCredential with a token or a certificate",
      });
    });
  }

  test("that fails is quoted from its standard error, in one line", async () => {
    const script = "echo s3cret; echo 'no\nsession' >&2; exit 3";
    const message = "the plugin sh failed: no session";
    await assert.rejects(runPlugin({ command: "sh", args: ["-c", script], env: [] }), { message });
    await assert.rejects(runPlugin({ command: "/nonexistent/plugin", args: ["s3cret"], env: [] }), {
      message: "the plugin /nonexistent/plugin failed: ENOENT",
    });
  });
});
