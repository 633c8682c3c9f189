import { isIPv6 } from "node:net";
import type { KubeletSettings, SourceKind } from "../../config/metrics/settings.ts";
import { reasonOf } from "../../errors.ts";
import { placeOf } from "../../http/place.ts";
import { type Answer, readAll, type Transport } from "../../http/transport.ts";
import type { MetricSet } from "../batch.ts";
import { nodeKey } from "../key.ts";
import type { MetricsSource, Window } from "../source.ts";
import { nanoseconds } from "../time.ts";
import { decodeContainers } from "./cadvisor.ts";
import { parseLossless } from "./json.ts";
import type { KubeletNode } from "./node.ts";
import { decodeSummary } from "./summary.ts";

export interface KubeletParts {
  readonly kind: SourceKind;
  readonly settings: KubeletSettings;
  /** To kubelets, or to the API server when its proxy is used. */
  readonly transport: Transport;
  readonly server: URL;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** One kubelet as a source (spec A2): its summary, or cAdvisor's containers. An answer that cannot be true is refused like one that is broken. */
export const createKubelet = (node: KubeletNode, parts: KubeletParts): MetricsSource => ({
  name: `node:${node.name}`,
  scrape: async (window, signal) => {
    const { url, ...request } = requestOf(node, parts, window);
    const place = `${request.method} ${placeOf(url)}`;
    const answer = await parts.transport.open(url, { ...request, signal, timeoutMilliseconds: silence });
    try {
      const body = parseLossless(await textOf(answer));
      const now = parts.now();
      const sets = decoders[parts.kind](body, { node, now: nanoseconds(now) });
      refuseOtherTimes(sets, { node, now });
      return sets;
    } catch (cause) {
      answer.body.destroy();
      // A parser quotes the document, so only that it failed is told, by no cause either.
      if (cause instanceof SyntaxError) throw new Error(`${place}: not valid JSON (${typeOf(answer)})`);
      const reason = reasonOf(cause);
      throw new Error(reason.startsWith(place) ? reason : `${place}: ${reason}`, { cause });
    }
  },
});

const silence = 10_000;
/** A summary of 250 pods is one megabyte. */
const mostBytes = 32 * 1024 * 1024;
const mostErrorBytes = 4096;

const decoders = { kubernetes: decodeContainers, "kubernetes.summary_api": decodeSummary };

const requestOf = (node: KubeletNode, { kind, settings, server }: KubeletParts, { start, end }: Window) => {
  const path = kind === "kubernetes" ? "/stats/container/" : "/stats/summary/";
  const url = settings.proxy ? proxied(server, node, path) : direct(settings, node, path);
  if (kind === "kubernetes.summary_api") return { url, method: "GET" as const };
  const asked = {
    containerName: "/",
    num_stats: 1,
    start: isoOf(start),
    end: isoOf(end),
    subcontainers: true,
  };
  const headers = { "content-type": "application/json" };
  return { url, method: "POST" as const, headers, body: JSON.stringify(asked) };
};

const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString();

const direct = ({ https, port }: KubeletSettings, { address }: KubeletNode, path: string): URL => {
  const host = isIPv6(address) ? `[${address}]` : address;
  return new URL(`${https ? "https" : "http"}://${host}:${port}${path}`);
};

/** The API server knows the kubelet's port, and speaks for us with credentials of its own. */
const proxied = (server: URL, { name }: KubeletNode, path: string): URL => {
  const url = new URL(server);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/api/v1/nodes/${encodeURIComponent(name)}/proxy${path}`;
  return url;
};

const textOf = async (answer: Answer): Promise<string> => {
  if (answer.status === 200) return (await readAll(answer, mostBytes)).toString("utf8");
  const status = `${answer.status} ${answer.statusText}`.trim();
  throw new Error(`${status}${await wordsOf(answer)}`);
};

/** What the kubelet says of a refusal, in one line; a page for people says nothing here. */
const wordsOf = async (answer: Answer): Promise<string> => {
  if (/html/.test(typeOf(answer))) {
    answer.body.destroy();
    return "";
  }
  const words = await readAll(answer, mostErrorBytes).then(String, () => "");
  const line = words.replace(/\s+/g, " ").trim().slice(0, 200);
  return line === "" ? "" : `: ${line}`;
};

const typeOf = ({ headers }: Answer) => headers["content-type"] ?? "no content type";

/** Further apart two clocks make nonsense of every rate and chart. */
const mostSkew = 5 * 60_000;

const refuseOtherTimes = (
  sets: ReadonlyMap<string, MetricSet>,
  { node, now }: { node: KubeletNode; now: number },
): void => {
  for (const [key, { scraped }] of sets) {
    if (scraped > nanoseconds(now + mostSkew))
      throw new Error(`${key} was measured in the future: ${apart(scraped, now)}`);
  }
  const own = sets.get(nodeKey(node.name))?.scraped ?? 0n;
  if (own !== 0n && own < nanoseconds(now - mostSkew))
    throw new Error(`the node was last measured too long ago: ${apart(own, now)}`);
};

const apart = (time: bigint, now: number) =>
  `${(time - nanoseconds(now)) / 1_000_000_000n} s from our own clock`;
