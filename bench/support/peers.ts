import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { eventually } from "../../tests/e2e/eventually.ts";
import { freePort } from "../../tests/e2e/ports.ts";
import { type Program, repository, runProgram, startProgram } from "../../tests/e2e/process.ts";
import { fetchText } from "./text.ts";

/** Another program that discovers, running. */
export interface Peer extends Program {
  readonly name: string;
  readonly url: string;
  /** How many pods it has discovered so far, by its own metrics. */
  pods(): Promise<number>;
}

/** Starts one with these scrape jobs; each must have a proxy that leads nowhere. `folder` may be used again. */
export type StartPeer = (jobs: readonly object[], folder: string) => Promise<Peer>;

export const startPrometheus: StartPeer = async (jobs, folder) => {
  const { file, own } = write(jobs, folder);
  return start({
    name: "Prometheus 3.5",
    binary: join(await peer("prometheus"), "prometheus"),
    words: (address) => [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(own, "data")}`,
      `--web.listen-address=${address}`,
      "--log.level=warn",
    ],
    // Two ports each, so two targets.
    podsIn: (text) =>
      number(/^prometheus_sd_discovered_targets\{config="pods",name="scrape"\} (\S+)$/m, text) / 2,
  });
};

/** Looks at what its watch brought every 30 s, unless told otherwise. */
export const startVmagent: StartPeer = (jobs, folder) =>
  startVmagentAs({ name: "vmagent", more: [], jobs, folder });

/** The same, told to look every second. */
export const startVmagentEachSecond: StartPeer = (jobs, folder) =>
  startVmagentAs({
    name: "vmagent, checking each second",
    more: ["-promscrape.kubernetesSDCheckInterval=1s"],
    jobs,
    folder,
  });

const startVmagentAs = async (options: {
  readonly name: string;
  readonly more: readonly string[];
  readonly jobs: readonly object[];
  readonly folder: string;
}): Promise<Peer> => {
  const { file, own } = write(options.jobs, options.folder);
  return start({
    name: options.name,
    binary: join(await peer("victoria-metrics"), "vmagent"),
    words: (address) => [
      `-promscrape.config=${file}`,
      `-httpListenAddr=${address}`,
      `-remoteWrite.tmpDataPath=${own}`,
      "-remoteWrite.url=http://127.0.0.1:9/write",
      "-loggerLevel=ERROR",
      ...options.more,
    ],
    podsIn: (text) => number(/^vm_promscrape_discovery_kubernetes_objects\{role="pod"\} (\S+)$/m, text),
  });
};

/** A job's targets that are not dropped, as the program would scrape them; read by everyone's API of this name. */
export const activeTargets = (peer: Peer) => fetchText(`${peer.url}/api/v1/targets?state=active`);

export const discovered = (peer: Peer, pods: number): Promise<void> =>
  eventually(`${peer.name} has discovered everything`, 120, async () => {
    assert.equal(peer.exit(), undefined, peer.output().slice(-300));
    assert.ok((await peer.pods()) >= pods, `${await peer.pods()} of ${pods} pods`);
  });

let started = 0;

const write = (jobs: readonly object[], folder: string) => {
  started += 1;
  const own = join(folder, `peer-${started}`);
  mkdirSync(own);
  const file = join(own, "config.yml");
  writeFileSync(file, stringify({ scrape_configs: jobs }, { aliasDuplicateObjects: false }));
  return { file, own };
};

const peer = async (name: string) =>
  (await runProgram(join(repository, "../shared/peers/get"), [name])).trim();

const number = (pattern: RegExp, text: string) => Number(pattern.exec(text)?.[1] ?? 0);

const start = async (options: {
  readonly name: string;
  readonly binary: string;
  readonly words: (address: string) => string[];
  readonly podsIn: (metrics: string) => number;
}): Promise<Peer> => {
  const { name, binary, words, podsIn } = options;
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const pods = async () => podsIn(await (await fetch(`${url}/metrics`)).text());
  return { ...startProgram(binary, words(address)), name, url, pods };
};
