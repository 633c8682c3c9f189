import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { ControlPlane } from "../../tests/e2e/control-plane.ts";
import { applications, podNames } from "./pods.ts";

/**
 * Makes more pods of those that there are, in the namespace `default`, fifty times as fast as the API server would be asked to: each
 * is what the API server itself stored for a pod of the same application, with other names of the same length, put into etcd, where
 * the API server finds it as it finds what another API server wrote.
 */
export const clonePods = async (
  plane: ControlPlane,
  indices: readonly number[],
  models: readonly number[],
) => {
  const byApplication = new Map<number, Model>();
  for (const index of models) byApplication.set(index % applications, await readModel(plane.etcdUrl, index));
  for (let from = 0; from < indices.length; from += atOnce) {
    const some = indices.slice(from, from + atOnce);
    await put(
      plane.etcdUrl,
      some.map((index) => cloneOf(index, byApplication.get(index % applications))),
    );
  }
};

/** etcd takes so many writes in one transaction. */
const atOnce = 128;
const prefix = "/registry/pods/default/";
const base64 = (text: string) => Buffer.from(text).toString("base64");

interface Model {
  readonly value: Buffer;
  readonly names: ReturnType<typeof podNames>;
  readonly uid: string;
}

const range = z.object({ kvs: z.array(z.object({ value: z.base64() })).default([]) });

const readModel = async (etcd: string, index: number): Promise<Model> => {
  const names = podNames(index);
  const { kvs } = range.parse(await ask(etcd, "range", { key: base64(`${prefix}${names.name}`) }));
  const value = Buffer.from(kvs[0]?.value ?? "", "base64");
  const uid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(value.toString("latin1"))?.[0];
  if (uid === undefined) throw new Error(`etcd has no pod ${names.name}`);
  return { value, names, uid };
};

const cloneOf = (index: number, model: Model | undefined) => {
  if (model === undefined) throw new Error(`no pod is a model for pod ${index}`);
  const names = podNames(index);
  let text = model.value.toString("latin1").replaceAll(model.uid, randomUUID());
  for (const part of ["name", "ip", "container"] as const)
    text = text.replaceAll(model.names[part], names[part]);
  // A length stands before each text in what is stored.
  if (text.length !== model.value.length) throw new Error(`pod ${index} is not as long as its model`);
  return { key: base64(`${prefix}${names.name}`), value: Buffer.from(text, "latin1").toString("base64") };
};

const put = (etcd: string, pairs: readonly { readonly key: string; readonly value: string }[]) =>
  ask(etcd, "txn", { success: pairs.map((one) => ({ request_put: one })) });

const ask = async (etcd: string, what: string, body: object): Promise<unknown> => {
  const request = { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(60_000) };
  const response = await fetch(`${etcd}/v3/kv/${what}`, request);
  if (!response.ok)
    throw new Error(`etcd: ${what}: ${response.status} ${(await response.text()).slice(0, 300)}`);
  return response.json();
};
