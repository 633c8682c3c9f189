import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { createClient } from "../../../../lib/discovery/kubernetes/client.ts";
import { createKubernetesDiscoverer } from "../../../../lib/discovery/kubernetes/discover.ts";
import { ownNamespace } from "../../../../lib/discovery/kubernetes/mounted.ts";
import { cleanUp } from "./listing.ts";
import { lookOf, providerOf } from "./provider.ts";
import { authority, createFolder, startTlsServer } from "./tlsserver.ts";

const folder = createFolder();
const { write } = folder;
after(folder.remove);
afterEach(cleanUp);

describe("a client in a cluster", () => {
  const mount = (): string => {
    write("ca.crt", authority.cert);
    write("token", "mounted\n");
    write("namespace", "own ");
    return folder.path;
  };
  const optionsFor = (url: string) => ({
    serviceAccountFolder: mount(),
    environment: { KUBERNETES_SERVICE_HOST: "127.0.0.1", KUBERNETES_SERVICE_PORT: new URL(url).port },
  });

  test("asks with the mounted token, read anew for each look, and trusts the mounted authority", async () => {
    const server = await startTlsServer();
    const discover = createKubernetesDiscoverer(optionsFor(server.url));
    const provider = providerOf({ kind: "in-cluster" });
    await lookOf(discover, provider);
    write("token", "rotated");
    await lookOf(discover, provider);
    assert.deepEqual(
      server.asked.map(({ authorization }) => authorization),
      ["Bearer mounted", "Bearer rotated"],
    );
  });

  test("looks at its own namespace, as mounted and not trimmed, beside those that are named", async () => {
    const server = await startTlsServer();
    const options = optionsFor(server.url);
    assert.equal(ownNamespace(options), "own ");
    const namespaces = { names: ["shop"], ownNamespace: true };
    await lookOf(createKubernetesDiscoverer(options), providerOf({ kind: "default" }, { namespaces }));
    assert.deepEqual(server.requests.map((request) => request.split("?")[0]).sort(), [
      "/api/v1/namespaces/own%20/pods",
      "/api/v1/namespaces/shop/pods",
    ]);
  });

  test("brackets an IPv6 address", async () => {
    const environment = { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "443" };
    const client = await createClient({ kind: "in-cluster" }, { environment, serviceAccountFolder: mount() });
    assert.equal(client.server.href, "https://[fd00::1]/");
  });

  test("says what is missing when there is no cluster around it", async () => {
    const create = (environment: Record<string, string>) => () =>
      createClient({ kind: "in-cluster" }, { environment, serviceAccountFolder: "/nonexistent" });
    await assert.rejects(
      create({}),
      /--kubeconfig FILE.*: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set/,
    );
    const named = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" };
    await assert.rejects(create(named), /--kubeconfig FILE.*: cannot read \/nonexistent\/token/);
  });
});
