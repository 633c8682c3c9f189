import assert from "node:assert/strict";
import type { ApiServer } from "../../../local/demo/apiserver.ts";
import { type StoredObject, valueAt } from "../../../local/demo/object.ts";
import type { DiscoveryJob } from "../prometheus.ts";
import type { HttpSdGroup, Rollcall } from "../rollcall.ts";

/** The kinds of jobs by which every change of the churn is seen. */
export const kinds = ["pods", "nodes", "services", "endpoints"] as const;
export type Kind = (typeof kinds)[number];

/** A job of each kind, with its name behind the prefix. */
export const jobsOn = ({ url, token }: ApiServer, prefix = ""): readonly DiscoveryJob[] => {
  const job = (job_name: string, role: string, more: object = {}): DiscoveryJob => ({
    job_name: `${prefix}${job_name}`,
    kubernetes_sd_configs: [{ role, api_server: url, authorization: { credentials: token }, ...more }],
  });
  return [
    job("pods", "pod", { attach_metadata: { node: true } }),
    job("nodes", "node"),
    job("services", "service"),
    job("endpoints", "endpoints"),
  ];
};

/** Of each source the lines of its targets: an address and the numbers of what the target was made of. */
export type Lines = ReadonlyMap<string, readonly string[]>;

/** Every list says what the cluster has: nothing is lost, nothing is old, and nothing came back. */
export const assertTrue = async (rollcall: Rollcall, server: ApiServer, prefix = ""): Promise<void> => {
  const expected = truthOf(server);
  for (const kind of kinds) {
    const job = `${prefix}${kind}`;
    const lines = [...expected[kind].values()].flat();
    const served = [...servedIn(await rollcall.list(job), kind).values()].flat();
    const missing = lines.filter((line) => !served.includes(line));
    const surplus = served.filter((line) => !lines.includes(line));
    const said = [...missing.map((line) => `lacks ${line}`), ...surplus.map((line) => `still has ${line}`)];
    assert.equal(said.length, 0, `job ${job}: ${said.slice(0, 6).join("; ")}; ${said.length} in all`);
    assert.equal(served.length, lines.length, `job ${job} has targets twice`);
  }
};

/** Out of the objects themselves, without any of our code. */
export const truthOf = (server: ApiServer): Readonly<Record<Kind, Lines>> => {
  const nodes = new Map(server.objects("Node").map((node) => [node.metadata.name, node]));
  const services = new Map(server.objects("Service").map((service) => [service.metadata.name, service]));
  return {
    pods: linesOf(server.objects("Pod"), "pod/shop/", (pod) => {
      const node = nodes.get(String(valueAt(pod, "spec.nodeName")));
      const ip = valueAt(pod, "status.podIP");
      return node === undefined || ip === undefined ? [] : [lineOf(`${ip}:8080`, pod, node)];
    }),
    nodes: linesOf([...nodes.values()], "node/", (node) => [
      lineOf(`10.8.0.${node.metadata.name.slice(5)}:10250`, node),
    ]),
    services: linesOf([...services.values()], "svc/shop/", (service) => [
      lineOf(`${service.metadata.name}.shop.svc:80`, service),
    ]),
    endpoints: linesOf(server.objects("Endpoints"), "endpoints/shop/", (object) =>
      addressesOf(object).map((ip) => lineOf(`${ip}:8080`, object, services.get(object.metadata.name))),
    ),
  };
};

const linesOf = (
  objects: readonly StoredObject[],
  prefix: string,
  targets: (object: StoredObject) => readonly string[],
): Lines => new Map(objects.map((object) => [`${prefix}${object.metadata.name}`, targets(object)]));

const lineOf = (address: string, ...objects: readonly (StoredObject | undefined)[]) =>
  [address, ...objects.map((object) => object?.metadata.labels?.number ?? "none")].join(" ");

const addressesOf = (object: StoredObject): readonly string[] => {
  const { subsets } = object;
  const addresses = Array.isArray(subsets) ? valueAt(subsets[0], "addresses") : [];
  return Array.isArray(addresses) ? addresses.map((address) => String(valueAt(address, "ip"))) : [];
};

/** What a list of a job of that kind has. */
export const servedIn = (groups: readonly HttpSdGroup[], kind: Kind): Lines => {
  const { prefix, of, numbers } = shown[kind];
  const lines = new Map<string, string[]>();
  for (const { targets, labels } of groups) {
    const source = `${prefix}${labels[`__meta_kubernetes_${of}_name`]}`;
    const all = lines.get(source) ?? [];
    for (const target of targets) {
      const own = numbers.map((name) => labels[`__meta_kubernetes_${name}_label_number`] ?? "none");
      all.push([target, ...own].join(" "));
    }
    lines.set(source, all);
  }
  return lines;
};

/** Whose name a target of a job carries, and whose numbers, in the order of the lines above. */
const shown: Readonly<Record<Kind, { prefix: string; of: string; numbers: readonly string[] }>> = {
  pods: { prefix: "pod/shop/", of: "pod", numbers: ["pod", "node"] },
  nodes: { prefix: "node/", of: "node", numbers: ["node"] },
  services: { prefix: "svc/shop/", of: "service", numbers: ["service"] },
  endpoints: { prefix: "endpoints/shop/", of: "endpoints", numbers: ["endpoints", "service"] },
};
