import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MetricsNode } from "../../../../lib/metrics/cluster/node.ts";
import { selectNodes } from "../../../../lib/metrics/kubelet/select.ts";
import { nodeOf } from "../batches.ts";

const withAddresses = (addresses: string, more: Partial<MetricsNode> = {}): MetricsNode => ({
  ...nodeOf("n", {}),
  addresses: addresses.split(" ").map((pair) => {
    const [type = "", address = ""] = pair.split("=");
    return { type, address };
  }),
  ...more,
});
const chosen = (node: MetricsNode, annotation = "") => selectNodes([node], annotation).nodes[0];

describe("the nodes whose kubelets are asked", () => {
  test("are those that are ready, or do not say", () => {
    const states = ["True", "False", "Unknown", undefined].map((ready) =>
      withAddresses("InternalIP=127.0.0.1", { ready }),
    );
    assert.equal(selectNodes(states, "").nodes.length, 2);
  });

  test("are asked at their last internal address, or an external one", () => {
    const address = (addresses: string) => chosen(withAddresses(addresses))?.address;
    assert.equal(address("InternalIP=127.0.0.1 InternalIP=127.0.0.2 ExternalIP=127.0.0.3"), "127.0.0.2");
    assert.equal(address("ExternalIP=127.0.0.3 ExternalIP=127.0.0.4"), "127.0.0.3");
    assert.equal(address("ExternalIP=127.0.0.3 InternalIP=nowhere InternalIP=::1"), "::1");
  });

  test("without an address are named with the reason", () => {
    const { nodes, unreachable } = selectNodes([withAddresses("Hostname=h InternalDNS=d")], "");
    assert.deepEqual(nodes, []);
    assert.match(unreachable.get("n") ?? "", /no address of type InternalIP or ExternalIP/);
  });

  test("go by their last host name, else their own", () => {
    assert.equal(chosen(withAddresses("InternalIP=::1 Hostname=a Hostname=b Hostname="))?.hostname, "b");
    assert.equal(chosen(withAddresses("InternalIP=::1"))?.hostname, "n");
  });

  test("have their host's id, or an annotation that tells it", () => {
    const node = withAddresses("InternalIP=::1");
    const annotated = { ...node, meta: { ...node.meta, annotations: { "example/host": "i-2" } } };
    assert.equal(chosen({ ...annotated, externalId: "i-1" }, "example/host")?.hostId, "i-1");
    assert.equal(chosen(annotated, "example/host")?.hostId, "i-2");
    assert.equal(chosen(annotated)?.hostId, "");
  });
});
