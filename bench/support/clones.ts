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
  const stored = await readPods(plane.etcdUrl);
  const byApplication = new Map(models.map((index) => [index % applications, modelOf(index, stored)]));
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

const pair = z.object({ key: z.base64(), value: z.base64() });
const range = z.object({ kvs: z.array(pair) });

const readPods = async (etcd: string): Promise<Map<string, Buffer>> => {
  // Up to what comes after everything that begins so.
  const end = `${prefix.slice(0, -1)}0`;
  const { kvs } = range.parse(
    await ask(etcd, "range", { key: base64(prefix), range_end: base64(end), limit: 1000 }),
  );
  return new Map(
    kvs.map(({ key, value }) => [
      Buffer.from(key, "base64").toString().slice(prefix.length),
      Buffer.from(value, "base64"),
    ]),
  );
};

const modelOf = (index: number, stored: ReadonlyMap<string, Buffer>): Model => {
  const names = podNames(index);
  const value = stored.get(names.name);
  const uid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(value?.toString("latin1") ?? "")?.[0];
  if (value === undefined || uid === undefined) throw new Error(`etcd has no pod ${names.name}`);
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

const put = (etcd: string, pairs: readonly z.infer<typeof pair>[]) =>
  ask(etcd, "txn", { success: pairs.map((one) => ({ request_put: one })) });

const ask = async (etcd: string, what: string, body: object): Promise<unknown> => {
  const request = { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(60_000) };
  const response = await fetch(`${etcd}/v3/kv/${what}`, request);
  if (!response.ok)
    throw new Error(`etcd: ${what}: ${response.status} ${(await response.text()).slice(0, 300)}`);
  return response.json();
};
