import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { ownCredentials } from "../../../../lib/credential/credentials.ts";
import { type ClientOptions, createClient } from "../../../../lib/discovery/kubernetes/client.ts";
import { kubeconfigServer } from "../../../../lib/discovery/kubernetes/kubeconfig.ts";
import { reasonOf } from "../../../../lib/errors.ts";
import { readAll } from "../../../../lib/http/transport.ts";
import { createAuthority } from "../../http/support/certificates.ts";
import { cleanUp, startServer } from "./listing.ts";
import { authority, createFolder, startTlsServer } from "./tlsserver.ts";

const person = authority.issue("person");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const folder = createFolder();
const { write } = folder;
after(folder.remove);
afterEach(cleanUp);

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly server: string;
}

/** JSON is YAML, too. */
const kubeconfigOf = ({ server, cluster = {}, user }: Parts): string =>
  write(
    "kubeconfig",
    JSON.stringify({
      "current-context": "it",
      clusters: [
        { name: "other", cluster: { server: "http://127.0.0.1:1" } },
        { name: "c", cluster: { server, "certificate-authority-data": base64(authority.cert), ...cluster } },
      ],
      contexts: [{ name: "it", context: { cluster: "c", ...(user && { user: "u" }) } }],
      users: user && [{ name: "u", user }],
    }),
  );

const ask = async (
  file: string,
  options: ClientOptions = { environment: {} },
  times = 1,
): Promise<number> => {
  const { server, transport } = await createClient({ kind: "kubeconfig", file }, options);
  try {
    let status = 0;
    for (let asked = 0; asked < times; asked++) {
      const url = new URL("/api/v1/pods", server);
      const answer = await transport.open(url, {
        signal: AbortSignal.timeout(20_000),
        timeoutMilliseconds: 20_000,
      });
      await readAll(answer, 1_000_000);
      status = answer.status;
    }
    return status;
  } finally {
    transport.close();
  }
};

const withContext = (user: object, clusters: object[] = []) => ({
  "current-context": "it",
  clusters,
  contexts: [{ name: "it", context: { cluster: "c", user: "u" } }],
  users: [{ name: "u", user }],
});

describe("a client from a kubeconfig", () => {
  test("asks with the user's token, over kept connections", async () => {
    const server = await startTlsServer();
    assert.equal(
      await ask(kubeconfigOf({ server: server.url, user: { token: "t0" } }), { environment: {} }, 3),
      200,
    );
    assert.deepEqual(new Set(server.asked.map(({ authorization }) => authorization)), new Set(["Bearer t0"]));
    assert.equal(server.connections.size, 1);
  });

  test("prefers a token file, relative to the kubeconfig and trimmed", async () => {
    const server = await startTlsServer();
    write("token", "from-file\n");
    await ask(kubeconfigOf({ server: server.url, user: { token: "t0", tokenFile: "token" } }));
    assert.equal(server.asked[0]!.authorization, "Bearer from-file");
  });

  test("shows the user's certificate, from data or from files", async () => {
    const server = await startTlsServer();
    const data = { "client-certificate-data": base64(person.cert), "client-key-data": base64(person.key) };
    await ask(kubeconfigOf({ server: server.url, user: data }));
    write("person.crt", person.cert);
    write("person.key", person.key);
    const files = { "client-certificate": "person.crt", "client-key": "person.key" };
    await ask(kubeconfigOf({ server: server.url, user: files }));
    assert.deepEqual(
      server.asked.map((one) => one.person),
      ["person", "person"],
    );
  });

  test("knows user and password, and impersonates", async () => {
    const server = await startTlsServer();
    await ask(kubeconfigOf({ server: server.url, user: { username: "me", password: "pw", as: "you" } }));
    assert.deepEqual(server.asked, [
      { authorization: `Basic ${base64("me:pw")}`, person: undefined, as: "you" },
    ]);
  });

  test("trusts the cluster's authority without a user, too", async () => {
    const server = await startTlsServer();
    assert.equal(await ask(kubeconfigOf({ server: server.url })), 200);
  });

  test("refuses a server that the authority does not vouch for, unless told not to look", async () => {
    const server = await startTlsServer();
    const stranger = { "certificate-authority-data": base64(createAuthority("stranger").cert) };
    await assert.rejects(
      ask(kubeconfigOf({ server: server.url, cluster: stranger, user: {} })),
      /certificate/,
    );
    const lax = { "certificate-authority-data": "", "insecure-skip-tls-verify": true };
    assert.equal(await ask(kubeconfigOf({ server: server.url, cluster: lax, user: {} })), 200);
  });

  test("checks the server by the name that the file gives it", async () => {
    const server = await startTlsServer();
    const named = (name: string) =>
      kubeconfigOf({ server: server.url, cluster: { "tls-server-name": name }, user: {} });
    assert.equal(await ask(named("server.test")), 200);
    await assert.rejects(ask(named("else.test")), /else\.test/);
  });

  test("speaks plain HTTP to an http server", async () => {
    const server = await startServer({ lists: { "/api/v1/pods": [] } });
    assert.equal(await ask(kubeconfigOf({ server: server.url, user: { token: "t0" } })), 200);
    assert.equal(server.headers[0]!.authorization, "Bearer t0");
  });

  test("goes through the proxy of the file", async () => {
    const proxied = kubeconfigOf({
      server: "https://127.0.0.1:1",
      cluster: { "proxy-url": "http://127.0.0.1:9" },
      user: {},
    });
    await assert.rejects(ask(proxied), /127\.0\.0\.1:9/);
  });

  test("refuses plugins where they are not allowed", async () => {
    const file = kubeconfigOf({ server: "https://127.0.0.1:1", user: { exec: { command: "true" } } });
    await assert.rejects(
      createClient({ kind: "kubeconfig", file }, { plugins: false }),
      /refused in the cloud/,
    );
  });

  test("refuses loopback where only public addresses are allowed", async () => {
    const server = await startTlsServer();
    const file = kubeconfigOf({ server: server.url, user: { token: "t0" } });
    await assert.rejects(ask(file, { environment: {}, publicOnly: true }), /loopback/);
    assert.deepEqual(server.asked, []);
  });
});

describe("a kubeconfig that is not usable is refused in one line without its content:", () => {
  const cases: [name: string, text: string, line: RegExp][] = [
    ["broken YAML", "token: s3cret\n  bad: [s3cret", /not valid YAML at byte \d+$/],
    ["no document", "", /the document: /],
    ["no context", "clusters: []", /current-context is missing$/],
    ["an unknown context", "current-context: x", /there is no context named "x"$/],
    ["an unknown cluster", JSON.stringify(withContext({})), /there is no cluster named "c"$/],
    ["a wrong type", "users: [{name: u, user: {token: [s3cret]}}]", /users\.0\.user\.token: /],
    [
      "impersonated groups",
      JSON.stringify(
        withContext({ "as-groups": ["system:masters"] }, [{ name: "c", cluster: { server: "https://x" } }]),
      ),
      /as-groups is not supported$/,
    ],
  ];
  for (const [name, text, line] of cases) {
    test(name, async () => {
      const file = write("broken", text);
      await assert.rejects(kubeconfigServer(file, ownCredentials()), (error) => {
        const reason = reasonOf(error);
        assert.ok(reason.startsWith(`kubeconfig ${file}: `), reason);
        assert.match(reason, line);
        return !reason.includes("s3cret") && !reason.includes("\n");
      });
    });
  }

  test("a missing file", () =>
    assert.rejects(kubeconfigServer("/nonexistent/k", ownCredentials()), /\/nonexistent\/k/));
});

test("the server of a kubeconfig is that of its current context", async () => {
  assert.equal(
    await kubeconfigServer(kubeconfigOf({ server: "https://127.0.0.1:6443/k8s" }), ownCredentials()),
    "https://127.0.0.1:6443/k8s",
  );
});
