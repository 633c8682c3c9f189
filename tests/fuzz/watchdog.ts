import { writeSync } from "node:fs";
import { isMainThread, Worker, workerData } from "node:worker_threads";

interface Watched {
  readonly about: string;
  /** Milliseconds after which a case that nothing can interrupt ends the process. */
  readonly bound: number;
  /** [cases begun, whether one is under way, most megabytes seen] */
  readonly shared: SharedArrayBuffer;
}

/** Watches from a thread of its own: a loop without end cannot be seen from inside, nor the memory of one that never yields. */
export const startWatchdog = (options: Omit<Watched, "shared">) => {
  const shared = new SharedArrayBuffer(12);
  const state = new Int32Array(shared);
  const before = megabytes();
  const worker = new Worker(new URL(import.meta.url), { workerData: { ...options, shared } });
  worker.unref();
  return {
    begin: () => {
      Atomics.add(state, 0, 1);
      Atomics.store(state, 1, 1);
    },
    done: () => Atomics.store(state, 1, 0),
    grownMegabytes: () => Math.max(0, Atomics.load(state, 2) - before),
    end: () => worker.terminate(),
  };
};

const megabytes = () => Math.round(process.memoryUsage.rss() / 2 ** 20);

const watch = ({ about, bound, shared }: Watched) => {
  const state = new Int32Array(shared);
  let [seen, since] = [-1, Date.now()];
  setInterval(() => {
    Atomics.store(state, 2, Math.max(Atomics.load(state, 2), megabytes()));
    const at = Atomics.load(state, 0);
    if (at !== seen || Atomics.load(state, 1) === 0) [seen, since] = [at, Date.now()];
    if (Date.now() - since < bound) return;
    writeSync(2, `${about}: case ${at} has not ended, and nothing can interrupt it\n`);
    process.kill(process.pid, "SIGKILL");
  }, 50);
};

if (!isMainThread && isWatched(workerData)) watch(workerData);

function isWatched(data: unknown): data is Watched {
  return typeof data === "object" && data !== null && "shared" in data && "about" in data;
}
