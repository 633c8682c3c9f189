import { createHash, randomBytes } from "node:crypto";
import { type IncomingHttpHeaders, request } from "node:http";
import { text as readText } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { createMemoryBus } from "../../lib/bus/memory.ts";
import { systemClock } from "../../lib/clock.ts";
import { parseConfiguration } from "../../lib/config/parse.ts";
import { noSettings, type TokenSettings } from "../../lib/config/settings.ts";
import type { Plan } from "../../lib/discovery/current.ts";
import { answerRebuild } from "../../lib/door/rebuild.ts";
import { answerRelease } from "../../lib/door/release.ts";
import { answerReload } from "../../lib/door/reload.ts";
import { createRecorder } from "../../lib/history/record.ts";
import { keepTerms } from "../../lib/history/terms.ts";
import { lambda, streamedLambda } from "../../lib/lambda.ts";
import { createLog } from "../../lib/log.ts";
import { silentMeter } from "../../lib/meter.ts";
import { createMemoryCycles } from "../../lib/metrics/cycles/memory.ts";
import { createMemoryRebuilds, createMemoryReleases } from "../../lib/pool/memory.ts";
import { createMemoryReaderMarks } from "../../lib/readers/memory.ts";
import { createReaderRecorder } from "../../lib/readers/recorder.ts";
import type { ServeParts } from "../../lib/serve/route.ts";
import { createServe } from "../../lib/serve/routes.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import type { Acceptance } from "../../lib/tick/accept.ts";
import { defineAwslambda, type StreamingHandler } from "../../local/function/awslambda.ts";
import { listen } from "../../local/gateway/gateway.ts";
import { changed } from "../fakes/events.ts";
import { provider, status } from "../fakes/providers.ts";
import { kubernetesConfig } from "../fakes/sdconfigs.ts";
import { createServeParts } from "../unit/serve/parts.ts";
import { templateRoutes } from "./templateroutes.ts";

defineAwslambda();

export const configuration = `
scrape_configs:
- job_name: pods
  relabel_configs:
  - {source_labels: [__meta_state], regex: drop, action: drop}
  - {source_labels: [__meta_state], regex: clear, target_label: __address__, replacement: ""}
  - {source_labels: [__address__], modulus: 8, target_label: part, action: hashmod}
  basic_auth: {username: u, password: s3cr3t-in-a-job}
- job_name: "a/b 100%"
- job_name: payroll-hidden
- job_name: empty
`;

export const pods = provider({
  id: "kubernetes/00000000000a",
  cluster: "east",
  jobs: ["pods", "a/b 100%", "payroll-hidden"],
  config: kubernetesConfig(),
});

export const hidden = provider({
  id: "kubernetes/00000000000b",
  cluster: "secret-cluster",
  jobs: ["payroll-hidden"],
});

export const failing = provider({ id: "http/00000000000c", cluster: "c", jobs: ["empty"] });

/** Names that a token for `pods` must never be told. */
export const hiddenNames = [/payroll-hidden/, /secret-cluster/, /00000000000b/, /s3cr3t-in-a-job/];

export interface DoorOptions {
  readonly parts?: Partial<ServeParts>;
  readonly tokens?: readonly TokenSettings[];
  /** No configuration was accepted. */
  readonly isUnconfigured?: boolean;
  readonly reload?: Acceptance;
  /** Milliseconds, 0 for no history. */
  readonly retention?: number;
}

export const makeToken = (over: Partial<TokenSettings> = {}) => {
  const secret = randomBytes(16).toString("hex");
  const sha256 = createHash("sha256").update(secret).digest("hex");
  const settings: TokenSettings = {
    name: "reader",
    sha256,
    jobs: ["pods", "a/b 100%"],
    clusters: ["*"],
    operate: false,
    ...over,
  };
  return { secret, settings, bearer: { authorization: `Bearer ${secret}` } };
};

export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The handlers of `serve` and `tick` behind the local gateway and the template's routes, over a pool in memory. */
export const startDoor = async (context: Pick<TestContext, "after">, options: DoorOptions = {}) => {
  const lines: string[] = [];
  const log = createLog({ level: "info", write: (line) => lines.push(line) });
  const world = await filledWorld(options);
  const serve = streamedLambda("serve", createServe({ ...world, ...options.parts }), {
    log,
    meter: silentMeter,
  });
  const reload = options.reload ?? { outcome: "accepted" };
  const tick = lambda(
    "tick",
    answerRelease(
      { ...world, log },
      answerRebuild(
        { ...world, log },
        answerReload(world, async () => ({ configuration: reload })),
      ),
    ),
    { log, meter: silentMeter },
  );
  const functions = {
    isStreaming: (name: string) => name === "serve",
    invoke: async (_name: string, event: unknown) => tick(event, lambdaContext),
    stream: async (_name: string, event: unknown, stream: Parameters<StreamingHandler>[1]) => {
      await (serve as unknown as StreamingHandler)(event, stream, lambdaContext);
    },
    invokeAsync: () => {},
    stop: () => {},
    idle: async () => {},
  };
  const gateway = await listen({ host: "127.0.0.1", port: 0 });
  gateway.open({ routes: templateRoutes(), functions, clock: systemClock });
  context.after(() => gateway.close(0));
  return {
    ...world,
    url: gateway.url,
    lines,
    ask: (target: string, asked?: Asked) => ask(gateway.url, target, asked),
  };
};

const lambdaContext = { awsRequestId: "1", getRemainingTimeInMillis: () => 20_000 };

/** The target goes out as it is, so that a test may send what no client would. */
const ask = (url: string, target: string, { method = "GET", headers = {}, body }: Asked = {}) =>
  new Promise<Exchange>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, method, path: target, headers, agent: false }, (response) => {
      readText(response).then(
        (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read }),
        reject,
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });

const week = 7 * 24 * 3_600_000;

const filledWorld = async ({ tokens = [], isUnconfigured = false, retention = week }: DoorOptions) => {
  // Stands still, so that two answers to one question are alike.
  const start = Date.now();
  const clock = () => start;
  const { pool, log, parts } = createServeParts(clock);
  const { blobs, statuses } = parts;
  const looked = { lastAttempt: clock(), lastSuccess: clock(), filled: true };
  const guard = { since: clock(), sources: 1, targets: 1 };
  await statuses.put(status({ provider: pods.id, cluster: "east", ...looked, guard }));
  await statuses.put(
    status({
      provider: hidden.id,
      cluster: "secret-cluster",
      ...looked,
      lastError: "secret-cluster is away",
    }),
  );
  await statuses.put(status({ provider: failing.id, lastAttempt: clock(), lastError: "no answer" }));
  await keepTerms(log, retention, clock() - 3_600_000);
  const record = createRecorder({ pool, log, blobs, retention: async () => retention, clock });
  let sequence = 0;
  const apply = async (id: string, ...groups: TargetGroup[]) => {
    for (const group of groups) {
      sequence += 1;
      const of = id === hidden.id ? hidden : pods;
      const event = changed({
        source: group.source,
        provider: id,
        sequence,
        addresses: group.targets.map(() => "a"),
      });
      const about = { cluster: of.cluster, jobs: [...of.jobs], observedAt: new Date(clock()).toISOString() };
      await record([{ event: { ...event, ...about, hash: contentHash(group) }, group }]);
    }
    await pool.bump(id);
  };
  await apply(pods.id, ...podGroups);
  await apply(hidden.id, {
    source: "pod/pay/roll",
    labels: { at: "secret-cluster" },
    targets: [{ __address__: "h:1" }],
  });
  await blobs.put(`claim/${pods.id}/${"0".repeat(64)}`, Buffer.from(JSON.stringify(podGroups[0])));
  const main = { path: "prometheus.yml", text: configuration };
  const plan: Plan = {
    hash: "h",
    providers: [pods, hidden, failing],
    warnings: [],
    settings: { ...noSettings, tokens, history: { retention } },
    configuration: parseConfiguration({ main, jobFiles: [] }).configuration,
  };
  const marks = createMemoryReaderMarks(clock);
  return {
    apply,
    bus: createMemoryBus(),
    releases: createMemoryReleases(),
    ...parts,
    cycles: createMemoryCycles(),
    rebuilds: createMemoryRebuilds(),
    leases: { last: async () => undefined },
    plan: async () => (isUnconfigured ? undefined : plan),
    readers: { marks, recorder: createReaderRecorder({ marks, clock, log: createLog({ level: "error" }) }) },
    page: new Map([
      ["index.html", "<!doctype html><title>Rollcall</title>"],
      ["app-1.js", "export {};"],
    ]),
    clock,
  };
};

const pod = (name: string, labels: Record<string, string> = {}): TargetGroup => ({
  source: `pod/shop/${name}`,
  labels: { __meta_kubernetes_namespace: "shop", __meta_kubernetes_pod_name: name },
  targets: [{ __address__: `${name}:1`, ...labels }],
});

const podGroups: readonly TargetGroup[] = [
  pod("web-1"),
  pod("web-2", { __meta_state: "drop" }),
  pod("web-3", { __meta_state: "clear" }),
  pod("web-4", { "__meta_<script>": "<script>alert(1)</script>\u202e", ["__proto__"]: "x" }),
  pod("gone"),
  { source: "pod/shop/gone", labels: {}, targets: [] },
  pod("web-1", { __meta_team: "blue" }),
];
