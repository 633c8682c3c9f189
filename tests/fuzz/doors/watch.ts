import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { createClient } from "../../../lib/discovery/kubernetes/client.ts";
import { createReflector } from "../../../lib/discovery/kubernetes/reflector.ts";
import { pods } from "../../../lib/discovery/kubernetes/resources.ts";
import { apiServerAccess } from "../../unit/discovery/kubernetes/provider.ts";
import { behaviour, type Door, type Scope } from "../door.ts";
import { holdLine, withPassword } from "../line.ts";
import { type AnswerFault, hastyFaults, type Sound, startHostile } from "../wire.ts";

const pod = (name: string, resourceVersion: string, podIP = "10.0.0.1") => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name, namespace: "shop", resourceVersion, uid: name },
  spec: { nodeName: "n", containers: [{ name: "main", image: "busybox", ports: [{ containerPort: 80 }] }] },
  status: { podIP, phase: "Running" },
});

const list = {
  kind: "PodList",
  apiVersion: "v1",
  metadata: { resourceVersion: "7" },
  items: [pod("a", "5"), pod("b", "6")],
};
const events = [
  { type: "ADDED", object: pod("c", "8") },
  { type: "MODIFIED", object: pod("b", "9", "10.0.0.9") },
  { type: "BOOKMARK", object: { kind: "Pod", metadata: { resourceVersion: "10" } } },
  { type: "DELETED", object: pod("a", "11") },
];
const atTheEnd = { "shop/b": "10.0.0.9", "shop/c": "10.0.0.1" };

/** What happened since a version; each watch ends after that, as the server's own time-outs make them. */
const since = ({ searchParams }: URL): Sound => {
  if (!searchParams.has("watch")) return { document: list };
  const version = Number(searchParams.get("resourceVersion"));
  return { documents: events.filter(({ object }) => Number(object.metadata.resourceVersion) > version) };
};

/** A server that knows of nothing before the last version any more: who has an older one hears an ERROR, and nothing else. */
const compacted = ({ searchParams }: URL): Sound => {
  const items = [pod("b", "9", "10.0.0.9"), pod("c", "8")];
  if (!searchParams.has("watch"))
    return { document: { ...list, metadata: { resourceVersion: "11" }, items } };
  const isOld = Number(searchParams.get("resourceVersion")) < 11;
  const object = { kind: "Status", status: "Failure", code: 410, reason: "Expired", message: "too old" };
  return { documents: isOld ? [{ type: "ERROR", object }] : [] };
};

interface Case {
  readonly faults: readonly AnswerFault[];
  /** How many requests the server answers before it has forgotten. */
  readonly remembers: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  faults: hastyFaults,
  remembers: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
});

const limits = { openMilliseconds: 150, silenceMilliseconds: 150, initialMilliseconds: 100 };

/** The lists and watches by which a cluster is followed: whatever went wrong, it ends with what there is (promise 5). */
export const watch: Door = {
  name: "watch",
  runs: 10,
  open: async (scope) => [
    behaviour("is followed to what there is once the server answers well again", cases, await hold(scope)),
  ],
};

const hold = async (scope: Scope) => {
  let left = 0;
  const server = await startHostile(scope, (_request, url) => (left-- > 0 ? since : compacted)(url));
  const access = { ...apiServerAccess(server.url.origin), httpClient: withPassword };
  return async ({ faults, remembers }: Case) => {
    left = remembers;
    const isSpoilt = faults.some(({ tree, bytes }) => tree.length + bytes.length > 0);
    // Twice each, and from then on the server is well.
    server.play([...faults, ...faults], { thenWell: true });
    const reflector = createReflector({
      resource: pods,
      namespace: "",
      selector: { label: "", field: "" },
      watchList: false,
      client: () => createClient(access),
      clock: Date.now,
      random: () => 0.5,
      wait: (milliseconds, signal) => delay(milliseconds === 1_000 ? 1 : 2, undefined, { signal }),
      limits,
    });
    const tell = () => {
      const trouble = reflector.trouble();
      if (trouble !== undefined) holdLine(trouble.message);
    };
    reflector.start({ listed: tell, changed: tell, recovered: tell });
    try {
      await server.wellFor(6);
      tell();
      const seen = Object.fromEntries([...reflector.objects].map(([key, { ip }]) => [key, ip]).sort());
      if (!isSpoilt) assert.deepEqual(seen, atTheEnd);
    } finally {
      await reflector.stop();
    }
  };
};
