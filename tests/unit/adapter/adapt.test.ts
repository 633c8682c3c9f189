import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type AdaptParts, createAdapt } from "../../../lib/adapter/adapt.ts";
import type { OpenedAdapter } from "../../../lib/adapter/open.ts";
import { createLog } from "../../../lib/log.ts";
import { type WorldOptions, world } from "./world.ts";

const event = (path: string, host = "a.example") => ({
  requestContext: { elb: {} },
  httpMethod: "GET",
  path,
  multiValueHeaders: { host: [host] },
});

/** Asks for metrics of the cluster whose host is `a.example`. */
const start = (more: Partial<AdaptParts>, options: WorldOptions = {}) => {
  const { parts } = world(options);
  const lines: object[] = [];
  const adapt = createAdapt({
    adapters: async () => [{ settings: { host: "a.example" } } as OpenedAdapter],
    hosted: () => parts,
    most: undefined,
    log: createLog({ level: "info", write: (line) => lines.push(JSON.parse(line)) }),
    ...more,
  });
  const get = async (path: string, host?: string) => {
    const { statusCode, body } = await adapt(event(path, host));
    return { status: statusCode, body };
  };
  return { parts, lines, get };
};

const queue = "/apis/external.metrics.k8s.io/v1beta1/namespaces/shop/queue";

describe("a request for a cluster's metrics", () => {
  test("is for the cluster that its Host names, and 421 for no cluster's", async () => {
    const { get } = start({}, { external: { queue: [] } });
    assert.equal((await get(queue)).status, 200);
    assert.equal((await get(queue, "b.example")).status, 421);
  });

  test("is a Status without the reason when the configuration cannot be read", async () => {
    const adapters = () => Promise.reject(new Error("ThrottlingException of table x"));
    const { get, lines } = start({ adapters });
    const { status, body } = await get(queue);
    assert.deepEqual([status, JSON.parse(body).kind], [500, "Status"]);
    assert.doesNotMatch(body, /Throttling/);
    assert.match(JSON.stringify(lines), /ThrottlingException/);
    assert.equal((await get("/healthz")).status, 200);
  });

  test("has an end, whatever it waits for: a Status, and whoever works for it is told to stop", async () => {
    const never = new Promise<never>(() => {});
    const signals: (AbortSignal | undefined)[] = [];
    const { get, parts } = start({ patience: 5 });
    const external = (_: unknown, signal?: AbortSignal) => {
      signals.push(signal);
      return never;
    };
    Object.assign(parts.provider, { external });
    const waiting = [
      await get(queue),
      await start({ patience: 5 }, { authorize: () => never }).get(queue),
      await start({ patience: 5, adapters: () => never }).get(queue),
    ];
    for (const { status, body } of waiting) {
      const { kind, message } = JSON.parse(body);
      assert.deepEqual(
        [status, kind, message],
        [500, "Status", "Internal error occurred: unable to fetch metrics"],
      );
    }
    assert.deepEqual(
      signals.map((signal) => signal?.aborted),
      [true],
    );
  });
});
