import { startApiServer } from "../../../local/demo/apiserver.ts";
import { podManifest } from "../pods.ts";

/**
 * Demo API servers in a process of their own, forked: `clusters.ts SERVERS PODS MOVING`, the first MOVING pods of each in the
 * namespace `moving`. Sends `{servers}` when they are full; a message `{pod, ip, server}` gives a pod an address; `{}` asks for what
 * is open and was asked: `{watches, lists, requests}`.
 */
const [count = 0, pods = 0, moving = 0] = process.argv.slice(2).map(Number);
const servers = await Promise.all(Array.from({ length: count }, () => startApiServer()));

const manifestOf = (pod: number) => podManifest(pod, pod < moving ? "moving" : "default");

for (const server of servers) for (let pod = 0; pod < pods; pod += 1) server.apply(manifestOf(pod));

process.on("message", ({ pod, ip, server }: { pod?: number; ip?: string; server?: number }) => {
  if (pod === undefined || ip === undefined || server === undefined) return process.send?.(asked());
  const manifest = manifestOf(pod);
  servers[server]?.apply({
    ...manifest,
    status: { ...Object(manifest.status), podIP: ip, podIPs: [{ ip }] },
  });
});

const asked = () => {
  const sum = (of: (server: (typeof servers)[number]) => number) =>
    servers.reduce((total, server) => total + of(server), 0);
  const seen = {
    watches: sum((server) => server.openWatches()),
    lists: sum(({ requests }) => requests.count("list")),
    requests: sum(({ requests }) => requests.entries.length),
  };
  for (const { requests } of servers) requests.clear();
  return seen;
};

process.once("disconnect", () => process.exit(0));
process.send?.({ servers: servers.map(({ url, token }) => ({ url, token })) });
