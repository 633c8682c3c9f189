import assert from "node:assert/strict";
import type { ApiServer } from "../../../local/demo/apiserver.ts";
import { type StoredObject, valueAt } from "../../../local/demo/object.ts";
import type { DiscoveryJob } from "../prometheus.ts";
import type { Rollcall } from "../rollcall.ts";

/** The jobs of the suite, by which every change of the churn is seen. */
export const jobsOn = ({ url, token }: ApiServer): readonly DiscoveryJob[] => {
  const job = (job_name: string, role: string, more: object = {}): DiscoveryJob => ({
    job_name,
    kubernetes_sd_configs: [{ role, api_server: url, authorization: { credentials: token }, ...more }],
  });
  return [
    job("pods", "pod", { attach_metadata: { node: true } }),
    job("nodes", "node"),
    job("services", "service"),
    job("endpoints", "endpoints"),
  ];
};

/** Every list says what the cluster has: nothing is lost, nothing is old, and nothing came back. */
export const assertTrue = async (rollcall: Rollcall, server: ApiServer): Promise<void> => {
  const expected = truth(server);
  for (const [job, lines] of Object.entries(expected)) {
    const served = await servedLines(rollcall, job);
    const missing = lines.filter((line) => !served.includes(line));
    const surplus = served.filter((line) => !lines.includes(line));
    const said = [...missing.map((line) => `lacks ${line}`), ...surplus.map((line) => `still has ${line}`)];
    assert.equal(said.length, 0, `job ${job}: ${said.slice(0, 6).join("; ")}; ${said.length} in all`);
    assert.equal(served.length, lines.length, `job ${job} has targets twice`);
  }
};

/** Out of the objects themselves, without any of our code: a target's address and the numbers of what it was made of. */
const truth = (server: ApiServer): Readonly<Record<string, readonly string[]>> => {
  const nodes = new Map(server.objects("Node").map((node) => [node.metadata.name, node]));
  const services = new Map(server.objects("Service").map((service) => [service.metadata.name, service]));
  return {
    pods: server.objects("Pod").flatMap((pod) => {
      const node = nodes.get(String(valueAt(pod, "spec.nodeName")));
      const ip = valueAt(pod, "status.podIP");
      return node === undefined || ip === undefined ? [] : [lineOf(`${ip}:8080`, pod, node)];
    }),
    nodes: [...nodes.values()].map((node) => lineOf(`10.8.0.${node.metadata.name.slice(5)}:10250`, node)),
    services: [...services.values()].map((service) =>
      lineOf(`${service.metadata.name}.shop.svc:80`, service),
    ),
    endpoints: server
      .objects("Endpoints")
      .flatMap((object) =>
        addressesOf(object).map((ip) => lineOf(`${ip}:8080`, object, services.get(object.metadata.name))),
      ),
  };
};

const lineOf = (address: string, ...objects: readonly (StoredObject | undefined)[]) =>
  [address, ...objects.map((object) => object?.metadata.labels?.number ?? "none")].join(" ");

const addressesOf = (object: StoredObject): readonly string[] => {
  const { subsets } = object;
  const addresses = Array.isArray(subsets) ? valueAt(subsets[0], "addresses") : [];
  return Array.isArray(addresses) ? addresses.map((address) => String(valueAt(address, "ip"))) : [];
};

const servedLines = async (rollcall: Rollcall, job: string) => {
  const numbers = labelsOf[job] ?? [];
  return (await rollcall.list(job)).flatMap(({ targets, labels }) =>
    targets.map((target) =>
      [target, ...numbers.map((name) => labels[`__meta_kubernetes_${name}_label_number`] ?? "none")].join(
        " ",
      ),
    ),
  );
};

/** Whose numbers a target of a job carries, in the order of the lines above. */
const labelsOf: Readonly<Record<string, readonly string[]>> = {
  pods: ["pod", "node"],
  nodes: ["node"],
  services: ["service"],
  endpoints: ["endpoints", "service"],
};
