import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { discoverResources } from "../../../../lib/adapter/mapper/discover.ts";

const list = (...resources: object[]) => ({ kind: "APIResourceList", resources });
const pods = { name: "pods", singularName: "", namespaced: true, kind: "Pod", verbs: ["get"] };

const server = (documents: Readonly<Record<string, unknown>>) => {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    if (documents[path] === undefined) throw new Error(`GET ${path}: 503 Service Unavailable`);
    return documents[path];
  };
  return { asked, get };
};

const group = (name: string, ...versions: string[]) => ({
  name,
  versions: versions.map((version) => ({ groupVersion: `${name}/${version}`, version })),
  preferredVersion: { groupVersion: `${name}/${versions.at(-1)}`, version: versions.at(-1) },
});

describe("the resources of a cluster", () => {
  test("are those of its discovery documents, without parts of resources, the preferred version first", async () => {
    const { get } = server({
      "/api/v1": list(pods, { ...pods, name: "pods/log" }),
      "/apis": { groups: [group("apps", "v1beta1", "v1")] },
      "/apis/apps/v1": list({
        name: "deployments",
        singularName: "deployment",
        namespaced: true,
        kind: "Deployment",
      }),
      "/apis/apps/v1beta1": list({
        name: "deployments",
        singularName: "deployment",
        namespaced: true,
        kind: "Deployment",
      }),
    });
    const { resources, problems } = await discoverResources(get);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      resources.map(
        ({ group, version, resource, singular }) => `${resource}.${group}/${version} ${singular}`,
      ),
      ["pods./v1 pod", "deployments.apps/v1 deployment", "deployments.apps/v1beta1 deployment"],
    );
  });

  test("do not need a group whose server is away", async () => {
    const { get } = server({ "/api/v1": list(pods), "/apis": { groups: [group("gone.io", "v1")] } });
    const { resources, problems } = await discoverResources(get);
    assert.equal(resources.length, 1);
    assert.deepEqual(problems, ["gone.io/v1: GET /apis/gone.io/v1: 503 Service Unavailable"]);
  });

  test("never come of metrics APIs, which may be ours", async () => {
    const { get, asked } = server({
      "/api/v1": list(pods),
      "/apis": { groups: [group("metrics.k8s.io", "v1beta1"), group("custom.metrics.k8s.io", "v1beta1")] },
    });
    await discoverResources(get);
    assert.deepEqual(asked.sort(), ["/api/v1", "/apis"]);
  });

  test("are unknown without the core group, or for an answer that is none", async () => {
    await assert.rejects(discoverResources(server({ "/apis": { groups: [] } }).get), /503/);
    await assert.rejects(discoverResources(server({ "/api/v1": { a: 1 }, "/apis": { groups: [] } }).get));
  });

  test("are unknown in one line that names the document and the place in it", async () => {
    const broken = { groups: [{ versions: [] }] };
    await assert.rejects(discoverResources(server({ "/api/v1": list(pods), "/apis": broken }).get), {
      message: /^the API server's \/apis: groups\.0\.name: .+$/,
    });
    const { get } = server({
      "/api/v1": list(pods),
      "/apis": { groups: [group("apps", "v1")] },
      "/apis/apps/v1": list({ ...pods, kind: 7 }),
    });
    const [problem = "", ...more] = (await discoverResources(get)).problems;
    assert.match(problem, /^apps\/v1: the API server's \/apis\/apps\/v1: resources\.0\.kind: .+$/);
    assert.deepEqual(more, []);
  });

  test("are not asked for below a name that is no part of a path", async () => {
    const { get, asked } = server({
      "/api/v1": list(pods),
      "/apis": { groups: [group("../../etc", "v1"), group("a?b", "v1")] },
    });
    await discoverResources(get);
    assert.deepEqual(asked.sort(), ["/api/v1", "/apis"]);
  });
});
