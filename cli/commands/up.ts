import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "../command.ts";

/** `rollcall up`: what `npm start` runs. */
export const up: Command = {
  name: "up",
  summary: "start Rollcall on this machine; a demo unless --config is given",
  options: {
    config: {
      kind: "text",
      value: "FILE",
      isFile: true,
      about: "a prometheus.yml; without it a demo is started",
    },
    settings: { kind: "text", value: "FILE", isFile: true, about: "a rollcall.yml" },
    kubeconfig: {
      kind: "text",
      value: "FILE",
      isFile: true,
      about: "the cluster of Kubernetes blocks without api_server and kubeconfig_file",
    },
    listen: { kind: "text", value: "ADDRESS", about: "where to answer, 127.0.0.1:9095 unless told" },
    data: {
      kind: "text",
      value: "FOLDER",
      isFile: true,
      about: "what outlives a restart, ./.rollcall unless told",
    },
  },
  details: "Runs every function in one process until it is stopped, as `npm start` does in the clone.",
  isPlain: true,
  asksNobody: true,
  isForwarded: true,
  run: async ({ words }, { stopped }) => {
    const program = programs.map((place) => fileURLToPath(new URL(place, import.meta.url))).find(existsSync);
    if (program === undefined) throw new Error("the local run is missing from this package");
    const ended = await runNode(
      ["--max-semi-space-size=8", "--heap-growing-percent=50", program, ...words],
      stopped,
    );
    if (ended === "SIGINT" || ended === "SIGTERM") return 0;
    return ended === 0 ? 0 : 2;
  },
};

/** In the clone, and in the bundle, where we lie in `cli/` as well. */
const programs = ["../../local/main.ts", "../local/main.mjs"];

/** Its output is ours. A terminal signals both of us; a signal for us alone is handed on. */
const runNode = (words: readonly string[], stopped: AbortSignal) =>
  new Promise<number | NodeJS.Signals>((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: "inherit" });
    const forward = () => void child.kill("SIGTERM");
    stopped.addEventListener("abort", forward);
    const reload = () => void child.kill("SIGHUP");
    process.on("SIGHUP", reload);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      stopped.removeEventListener("abort", forward);
      process.off("SIGHUP", reload);
      resolve(code ?? signal ?? 1);
    });
  });
