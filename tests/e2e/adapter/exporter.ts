import { createServer } from "node:http";
import { listening } from "../../fakes/listening.ts";

/** What workloads measure of themselves, as an exporter of the test's own says it on loopback. */
export interface Exporter {
  readonly port: number;
  /** Of every pod of that application at once. */
  readonly load: { inflight: number; queue: number; cores: number };
  /** The pods that there are, of which it is said. */
  pods: readonly { readonly name: string; readonly app: string }[];
  stop(): Promise<void>;
}

/** `more`: so many metrics of one pod beside those of the workloads. */
export const startExporter = async (more = 0): Promise<Exporter> => {
  const load = { inflight: 0, queue: 0, cores: 0 };
  const exporter = { load, pods: [] as Exporter["pods"] };
  const counted = new Map<string, { total: number; at: number }>();
  /** Grows by the cores that are used now. */
  const seconds = (name: string, cores: number) => {
    const now = performance.now() / 1000;
    const known = counted.get(name) ?? { total: 0, at: now };
    const total = known.total + cores * (now - known.at);
    counted.set(name, { total, at: now });
    return total.toFixed(4);
  };
  const server = createServer((_request, response) => {
    const lines = exporter.pods.flatMap(({ name, app }) => {
      const own = `namespace="shop",pod="${name}"`;
      const container = `${own},container="app"`;
      return [
        `http_requests_inflight{${own}} ${load.inflight}`,
        `container_cpu_usage_seconds_total{${container}} ${seconds(name, app === "cpu" ? load.cores : 0.05)}`,
        `container_memory_working_set_bytes{${container}} ${64 * 1024 * 1024}`,
      ];
    });
    const node = [
      `node_cpu_usage_seconds_total{node="n1"} ${seconds("n1", 1.5)}`,
      `node_memory_working_set_bytes{node="n1"} ${2 * 1024 ** 3}`,
    ];
    const others = Array.from(
      { length: more },
      (_, at) => `bench_metric_${at}{namespace="shop",pod="bench"} ${at}`,
    );
    const queue = [`queue_depth{queue="orders"} ${load.queue}`, `queue_depth{queue="other"} 1000`];
    response.setHeader("Content-Type", "text/plain; version=0.0.4");
    response.end(`${[...lines, ...node, ...queue, ...others].join("\n")}\n`);
  });
  const port = await listening(server);
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return Object.assign(exporter, { port, stop });
};
