/** How a request of the README's table is asked of the demo. */
export interface Asked {
  /** POD, PROVIDER, NOW and BEFORE stand for what there is. */
  readonly path: string;
  /** What is in the answer, whose status is 200 unless told. */
  readonly has: RegExp;
  readonly status?: number;
}

const pods = "/sd/demo-pods";
const selector = encodeURIComponent('{__meta_kubernetes_namespace="shop"}');
const labels = encodeURIComponent('{"__address__":"127.0.0.1:1"}');

/** By the request as it stands there; one that is not here fails the suite. */
export const paths: Readonly<Record<string, Asked>> = {
  "GET /": { path: "/", has: /sd\/demo-pods/ },
  "GET /sd/{job}": { path: pods, has: /^\[\{"targets":\["127\./ },
  "GET /sd/{job}?shard=0&of=3": { path: `${pods}?shard=0&of=3`, has: /^\[/ },
  "GET /sd/{job}?relabel=true": { path: `${pods}?relabel=true`, has: /"namespace":"shop"/ },
  "GET /sd/{job}?match[]={…}": {
    path: `${pods}?match[]=${selector}`,
    has: /"__meta_kubernetes_namespace":"shop"/,
  },
  "GET /sd/{job}?cluster=NAME": { path: `${pods}?cluster=demo`, has: /"__meta_rollcall_cluster":"demo"/ },
  "GET /sd/{job}?at=TIME": { path: `${pods}?at=NOW`, has: /^\[/ },
  "GET /sd/{job}?after=ETAG&wait=25s": { path: `${pods}?after=old&wait=1s`, has: /^\[/ },
  "GET /api/v1/explain?object=pod/shop/web-1": {
    path: "/api/v1/explain?object=POD",
    has: /"status":"success"/,
  },
  "GET /api/v1/changes?job&source&since": {
    path: "/api/v1/changes?job=demo-pods&since=BEFORE",
    has: /"change":"added"/,
  },
  "GET /api/v1/targets": { path: "/api/v1/targets", has: /"activeTargets":\[\{/ },
  "GET /api/v1/scrape_pools": { path: "/api/v1/scrape_pools", has: /"demo-pods"/ },
  "GET /api/v1/targets/relabel_steps": {
    path: `/api/v1/targets/relabel_steps?scrapePool=demo-pods&labels=${labels}`,
    has: /"steps":\[/,
  },
  "GET /api/v1/search": { path: "/api/v1/search?job=demo-pods", has: /"targets":\[\{/ },
  "GET /api/v1/groups": { path: "/api/v1/groups?job=demo-pods", has: /"groups":\[\{/ },
  "GET /api/v1/providers": { path: "/api/v1/providers", has: /"health":"ok"/ },
  "GET /api/v1/usage": { path: "/api/v1/usage", has: /"state":"/ },
  "GET /api/v1/model/…": { path: "/api/v1/model/nodes", has: /^\[/ },
  "GET /api/v1/openapi.json": { path: "/api/v1/openapi.json", has: /"openapi":"3\.1/ },
  "GET /metrics": { path: "/metrics", has: /^prometheus_sd_discovered_targets\{/m },
  "GET /-/healthy": { path: "/-/healthy", has: /./ },
  "GET /-/ready": { path: "/-/ready", has: /./ },
  "POST /-/reload": { path: "/-/reload", has: /^/ },
  "POST /api/v1/providers/{provider}/guard/release": {
    path: "/api/v1/providers/PROVIDER/guard/release",
    has: /nothing is held back/,
    status: 409,
  },
  "POST /api/v1/rebuild?provider=ID": {
    path: "/api/v1/rebuild?provider=PROVIDER",
    has: /"status":"success"/,
    status: 202,
  },
  "POST /api/v1/rebuild?cluster=NAME": {
    path: "/api/v1/rebuild?cluster=demo",
    has: /"status":"success"/,
    status: 202,
  },
  "POST /api/v1/rebuild?all=true": {
    path: "/api/v1/rebuild?all=true",
    has: /"status":"success"/,
    status: 202,
  },
};

/**
 * The requests of the README's table *What it answers*, written out: a span that begins with `?` goes on where its row began, one
 * with `…?` is of a list, and what has no method is read.
 */
export const requestsIn = (readme: string): string[] => {
  const table = /^\| Path \| Answer \|\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(readme)?.[1] ?? "";
  return table.split("\n").flatMap((row) => {
    const spans = [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, span = ""]) => span);
    let base = "GET /sd/{job}";
    return spans.map((span) => {
      const tail = span.replace("…?", "?");
      if (tail.startsWith("?")) return base + tail;
      const request = /^[A-Z]+ /.test(span) ? span : `GET ${span}`;
      base = request.split("?")[0] ?? "";
      return request;
    });
  });
};
