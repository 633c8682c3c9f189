import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { isLoopbackHost } from "./loopback.ts";

/** What the command line said, paths made absolute. */
export interface Options {
  readonly config?: string;
  readonly settings?: string;
  readonly kubeconfig?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly data: string;
}

export const usage = `Usage: npm start -- [options]

  --config FILE      a prometheus.yml; without it a demo cluster and a demo Swarm are started
  --settings FILE    a rollcall.yml with what prometheus.yml has no word for
  --kubeconfig FILE  the cluster of Kubernetes blocks without api_server and kubeconfig_file
  --listen ADDRESS   where to answer, 127.0.0.1:9095 unless told; beyond loopback only with tokens in the settings
  --data FOLDER      what outlives a restart, ./.rollcall unless told
  --help             this text
`;

/** Reads the arguments: options, "help", or the line that says what is wrong with them. */
export const readOptions = (args: readonly string[]): Options | "help" | { refused: string } => {
  const values = parse(args);
  if (typeof values === "string") return { refused: values };
  if (values.help) return "help";
  const lonely = (["settings", "kubeconfig"] as const).find((flag) => values[flag] !== undefined);
  if (lonely !== undefined && values.config === undefined) {
    return { refused: `--${lonely} needs --config FILE; without it the demo runs, which has its own\n` };
  }
  const listen = readListen(values.listen);
  if (typeof listen === "string") return { refused: listen };
  // Only settings can have tokens; whether they do is seen once they were read.
  if (values.settings === undefined && !isLoopbackHost(listen.host)) {
    return { refused: openRefusal(listen.host || values.listen) };
  }
  return {
    ...(values.config !== undefined && { config: resolve(values.config) }),
    ...(values.settings !== undefined && { settings: resolve(values.settings) }),
    ...(values.kubeconfig !== undefined && { kubeconfig: resolve(values.kubeconfig) }),
    listen,
    data: resolve(values.data),
  };
};

const flags = {
  config: { type: "string" },
  settings: { type: "string" },
  kubeconfig: { type: "string" },
  listen: { type: "string", default: "127.0.0.1:9095" },
  data: { type: "string", default: "./.rollcall" },
  help: { type: "boolean", default: false },
} as const;

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return `${message.split(". ")[0]}\n\n${usage}`;
  }
};

const readListen = (text: string): { host: string; port: number } | string => {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  const port = Number(digits);
  if (digits === undefined || port > 65_535)
    return `--listen ${text}: expected HOST:PORT, such as 127.0.0.1:9095\n`;
  return { host, port };
};

/** Why a listener that others can reach is refused (promise 8). */
export const openRefusal = (host: string): string =>
  `--listen ${host}: without tokens only a loopback listener may answer (127.0.0.1, ::1 or localhost)\n`;
