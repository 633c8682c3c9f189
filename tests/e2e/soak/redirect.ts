import { readdirSync, readFileSync } from "node:fs";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { getHeapStatistics } from "node:v8";
import type { Worker } from "node:worker_threads";
import { tableInMemory } from "../../mapped.ts";
import type { Vitals } from "./vitals.ts";

/**
 * Loaded into the program under test before anything else (`node --import redirect.ts?door=URL`): what the unmodified AWS SDK sends to the
 * local AWS goes through the door, which makes trouble on the way. Tells the door this process's environment, and now and
 * then its memory and open files.
 */
const door = new URL(new URL(import.meta.url).searchParams.get("door") ?? "");
const pace = Number(door.searchParams.get("pace") ?? 5_000);
const { request } = http;

const toDoor = (options: http.RequestOptions): http.RequestOptions => ({
  ...options,
  hostname: door.hostname,
  host: door.hostname,
  port: door.port,
  headers: { ...options.headers, "x-meant-for": String(options.port) },
});

const isForAws = (options: unknown): options is http.RequestOptions =>
  typeof options === "object" &&
  options !== null &&
  Object.keys(Object(options).headers ?? {}).some((name) => name.toLowerCase() === "x-amz-target");

let isTold = false;
const tell = (path: string, body: object) =>
  fetch(new URL(path, door), { method: "POST", body: JSON.stringify(body) }).catch(() => undefined);

Object.assign(http, {
  request: (...given: Parameters<typeof http.request>) => {
    const [options, ...more] = given;
    if (!isForAws(options)) return Reflect.apply(request, http, given);
    if (!isTold) void tell("/environment", { ...process.env });
    isTold = true;
    return Reflect.apply(request, http, [toDoor(options), ...more]);
  },
});
syncBuiltinESMExports();

const threads = new Set<Worker>();
process.on("worker", (worker) => {
  threads.add(worker);
  worker.once("exit", () => threads.delete(worker));
});

const reserved = async () => {
  const none = { total_heap_size: 0 };
  const all = [...threads].map((worker) => worker.getHeapStatistics().catch(() => none));
  const heaps = [getHeapStatistics(), ...(await Promise.all(all))];
  return heaps.reduce((sum, heap) => sum + heap.total_heap_size, 0);
};

const look = async () => {
  // So that what is in use is told, and not what nobody has cleared away yet.
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const [, own = 0] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  const files = readdirSync("/proc/self/fd").length;
  const vitals: Vitals = {
    pid: process.pid,
    resident: rss,
    own: Number(own) * 1024,
    reserved: await reserved(),
    table: tableInMemory(),
    heap: heapUsed + external,
    files,
  };
  await tell("/vitals", vitals);
};

// If it cannot look any more, it ends, so that nobody takes what was not measured for good.
const timer = setInterval(() => void look(), pace);
timer.unref();
