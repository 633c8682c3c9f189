import { Worker } from "node:worker_threads";
import type { WorkerData, WorkerMessage } from "./worker.ts";

/** An embedded DynamoDB that keeps its tables in a folder. */
export interface TableService {
  /** `http://127.0.0.1:PORT`, for the SDK. */
  readonly endpoint: string;
  /** Settles only when the service breaks while it runs. */
  readonly failed: Promise<Error>;
  /** Answers what is under way, then frees the folder. */
  close(): Promise<void>;
}

/**
 * Refuses with one line when another process has the folder (LevelDB's lock, which dies with its process) or when it
 * cannot be opened. Only requests under the access key are answered. Expired items go every `sweepMilliseconds`, ten minutes unless told.
 */
export const startTable = async (options: {
  dataDir: string;
  accessKeyId: string;
  sweepMilliseconds?: number;
}): Promise<TableService> => {
  const { dataDir, accessKeyId, sweepMilliseconds = 600_000 } = options;
  const data: WorkerData = { dataDir, accessKeyId, sweepMilliseconds };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: data, execArgv: [] });
  const failed = new Promise<Error>((resolve) => {
    worker.once("error", (cause) => resolve(new Error("the table broke", { cause })));
  });
  const first = await Promise.race([nextMessage(worker), failed]);
  if (first instanceof Error) throw first;
  if (!("port" in first)) {
    await worker.terminate();
    throw new Error(refusal("refused" in first ? first.refused : "closed", dataDir));
  }
  worker.unref();
  return {
    endpoint: `http://127.0.0.1:${first.port}`,
    failed,
    async close() {
      const closed = nextMessage(worker);
      worker.ref();
      worker.postMessage("close");
      await Promise.race([closed, failed, patience()]);
      await worker.terminate();
    },
  };
};

const nextMessage = (worker: Worker) =>
  new Promise<WorkerMessage>((resolve) => {
    worker.once("message", resolve);
  });

/** A client that keeps its request open must not keep the program from ending. */
const patience = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, 2000).unref();
  });

const refusal = (reason: string, dataDir: string) =>
  reason === "locked"
    ? `another Rollcall is using ${dataDir} (LevelDB lock)`
    : `the table in ${dataDir} cannot be opened: ${reason}`;
