import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { parse } from "yaml";
import { createClient } from "../../../lib/discovery/kubernetes/client.ts";
import { temporaryFolder } from "../../unit/http/support/files.ts";
import { spoiltText, type TextFault, textFaults } from "../bytes.ts";
import { behaviour, type Door, type Scope } from "../door.ts";
import { given } from "../handed.ts";
import { password } from "../line.ts";
import { spoiltJson, type TreeFault, treeFaults } from "../trees.ts";

const users = [
  { token: password },
  { username: "u", password },
  { "client-certificate-data": "bm8=", "client-key-data": Buffer.from(password).toString("base64") },
  { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "/nowhere", args: [password], env: [] } },
  { "auth-provider": { name: "oidc", config: { "id-token": password } } },
];
const kubeconfigOf = (user: object) => `
apiVersion: v1
kind: Config
current-context: it
clusters:
- {name: other, cluster: {server: "http://127.0.0.1:9"}}
- name: c
  cluster:
    server: http://127.0.0.1:9
    insecure-skip-tls-verify: true
contexts:
- {name: it, context: {cluster: c, user: u}}
users:
- name: u
  user: ${JSON.stringify(user)}
`;

interface Case {
  readonly user: object;
  readonly tree: readonly TreeFault[] | undefined;
  readonly text: readonly TextFault[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  user: fc.constantFrom(...users),
  tree: fc.oneof(fc.constant(undefined), treeFaults),
  text: textFaults,
});

/** A kubeconfig. Nobody is asked here, since a spoilt one may name anybody. */
export const kubeconfig: Door = {
  name: "kubeconfig",
  runs: 80,
  open: async (scope) => [
    behaviour("gives a client, or one line without a secret", cases, await hold(scope)),
  ],
};

const hold = async (scope: Scope) => {
  const file = join(await temporaryFolder(scope), "kubeconfig");
  return async ({ user, tree, text }: Case) => {
    const sound = kubeconfigOf(user);
    await writeFile(file, spoiltText(tree === undefined ? sound : spoiltJson(parse(sound), tree), text));
    const client = await given(
      createClient({ kind: "kubeconfig", file }, { plugins: false, environment: {} }),
    );
    if (client === undefined) return;
    assert.notEqual(client.server.host, undefined);
    client.transport.close();
  };
};
