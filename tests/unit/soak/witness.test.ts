import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { type ApiServer, startApiServer } from "../../../local/demo/apiserver.ts";
import { nodeOf, podOf } from "../../e2e/crash/objects.ts";
import type { HttpSdGroup } from "../../e2e/rollcall.ts";
import { createWitness, type Witness } from "../../e2e/soak/witness.ts";

describe("a witness of lists", () => {
  let server: ApiServer;
  let witness: Witness;
  let lists: Record<string, HttpSdGroup[]> = {};

  before(async () => {
    server = await startApiServer();
    server.apply(nodeOf("node-1", "1"));
  });
  after(() => server.close());
  beforeEach(() => {
    lists = { nodes: [nodeGroup], pods: [], services: [], endpoints: [] };
    for (const pod of server.objects("Pod")) server.remove("Pod", "shop", pod.metadata.name);
    witness = createWitness([{ server, prefix: "", patience: 0 }]);
  });

  const rollcall = { list: async (job: string) => lists[job] ?? Promise.reject(new Error("503")) };
  const look = () => witness.look(rollcall);
  const pod = (name: string, number: string) =>
    server.apply(podOf(name, { number, ip: `10.1.0.${number}`, node: "node-1" }));
  const serve = (...pods: readonly (readonly [string, string])[]) => {
    lists.pods = pods.map(([name, number]) => podGroup(name, number));
  };

  /** The pod gets that number, and the list says so. */
  const follow = async (number: string) => {
    pod("web", number);
    serve(["web", number]);
    await look();
  };

  test("has nothing to say of lists that follow the cluster", async () => {
    await follow("2");
    await follow("3");
    server.remove("Pod", "shop", "web");
    serve();
    await look();
    assert.deepEqual(witness.violations, []);
    assert.deepEqual(witness.wrongs, []);
    assert.deepEqual(witness.looks(), { lists: 12, refused: 0 });
  });

  test("sees that an answer is no list, and takes a refusal for none", async () => {
    const answers = [new SyntaxError("Unexpected end of JSON input"), new Error("503")];
    for (const error of answers) await witness.look({ list: () => Promise.reject(error) });
    const kinds = ["pods", "endpoints", "nodes", "services"];
    const said = kinds.map((kind) => `${kind}: answered with no list: Unexpected end of JSON input`);
    assert.deepEqual(witness.violations.toSorted(), said.toSorted());
    assert.equal(witness.looks().refused, 8);
  });

  test("sees that a target is lost which was served and is true", async () => {
    await follow("2");
    serve();
    await look();
    assert.deepEqual(witness.violations, ["pods: lost 10.1.0.2:8080 2 1, which was served and is true"]);
  });

  test("sees that a target is back in an old state after it was gone", async () => {
    await follow("2");
    server.remove("Pod", "shop", "web");
    serve();
    await look();
    serve(["web", "2"]);
    await look();
    assert.deepEqual(witness.violations, ["pods: revived 10.1.0.2:8080 2 1, which was gone"]);
  });

  test("sees that an older state came after a newer one", async () => {
    await follow("2");
    await follow("3");
    serve(["web", "2"]);
    await look();
    assert.match(witness.violations.join("; "), /revived 10\.1\.0\.2:8080/);
  });

  test("counts how long a list was wrong about a source, and who is still behind", async () => {
    pod("web", "2");
    await look();
    await until(() => witness.behind().length > 0);
    assert.deepEqual(
      witness.behind().map(({ job, source }) => [job, source]),
      [["pods", "pod/shop/web"]],
    );
    serve(["web", "2"]);
    await look();
    assert.deepEqual(witness.behind(), []);
    const [wrong] = witness.wrongs;
    assert.equal(wrong?.source, "pod/shop/web");
    assert.ok((wrong?.until ?? 0) > (wrong?.since ?? 0));
    assert.deepEqual(witness.violations, []);
  });

  test("counts lists that could not be read, and draws nothing from them", async () => {
    await follow("2");
    delete lists.pods;
    await look();
    assert.deepEqual(witness.looks(), { lists: 7, refused: 1 });
    assert.deepEqual(witness.violations, []);
  });
});

/** The clock's next millisecond or so. */
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise(setImmediate);
};

const nodeGroup: HttpSdGroup = {
  targets: ["10.8.0.1:10250"],
  labels: { __meta_kubernetes_node_name: "node-1", __meta_kubernetes_node_label_number: "1" },
};

const podGroup = (name: string, number: string): HttpSdGroup => ({
  targets: [`10.1.0.${number}:8080`],
  labels: {
    __meta_kubernetes_pod_name: name,
    __meta_kubernetes_pod_label_number: number,
    __meta_kubernetes_node_label_number: "1",
  },
});
