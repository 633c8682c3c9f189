/**
 * A scrape URL as others can open it: a target on this very machine is called by the name under which we were asked
 * (spec §5, `globalUrl`). A URL without a port stays as it is, as in Prometheus.
 */
export const globalUrl = (url: string, host: string): string => {
  const [, scheme = "", name = "", port = "", rest = ""] = parts.exec(url) ?? [];
  if (!loopback.has(name)) return url;
  const ours = /^(.+):\d+$/.exec(host)?.[1] ?? host;
  return ours === "" ? url : `${scheme}//${ours}:${port}${rest}`;
};

const parts = /^([^/]*)\/\/(\[[^\]]*\]|[^:/?#]*):([^:/?#]*)(.*)$/s;

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);
