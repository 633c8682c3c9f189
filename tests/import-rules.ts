import type { IFlattenedRuleSet } from "dependency-cruiser";

/**
 * Imports run against the current (design §1): source → discovery → announce (relay on top of both) → bus → reduce → pool → httpsd.
 * `npm run imports` holds the tree to this; tests/unit/imports.test.ts plants violations to see that it does.
 */
type From = { path?: string; pathNot?: string };
type To = { path?: string; circular?: boolean; reachable?: boolean; dependencyTypesNot?: "type-only"[] };

const rule = (name: string, comment: string, from: From, to: To) => ({
  name,
  comment,
  severity: "error" as const,
  from,
  to,
});

export const importRules: IFlattenedRuleSet = {
  forbidden: [
    rule(
      "no-cycles",
      "a cycle has no top to read from",
      {},
      { circular: true, dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "nothing-below-knows-functions",
      "lib is called, it never calls up",
      { path: "^lib/" },
      { path: "^(functions|local|bench)/" },
    ),
    rule(
      "functions-stand-alone",
      "a function is deployed without the local run",
      { path: "^functions/" },
      { path: "^(local|tests|bench)/" },
    ),
    rule(
      "discovery-knows-no-pool",
      "a discoverer says what it saw, not where it is kept",
      { path: "^lib/discovery/" },
      { path: "^lib/(pool|lease|bus|reduce|httpsd|announce|serve|relay)/" },
    ),
    rule(
      "relay-is-on-top",
      "only its function starts a relay",
      { path: "^lib/", pathNot: "^lib/relay/" },
      { path: "^lib/relay/" },
    ),
    rule(
      "relay-knows-contracts",
      "what is followed, and how, is discovery's business; who reads the pool, the reader's",
      { path: "^lib/relay/" },
      {
        path: "^lib/(discovery/(?!(follower|discoverer|provider|current)\\.ts)|http/|httpsd|serve|door|status|reduce|tick|table|blob|deadletter)",
      },
    ),
    rule(
      "targetgroup-knows-nobody",
      "everything stands on the target group",
      { path: "^lib/targetgroup/" },
      { path: "^lib/(?!targetgroup/|errors|yamldocuments)" },
    ),
    rule(
      "metrics-stand-beside-the-road",
      "cluster metrics share the clusters' clients and the table with discovery, and the bus's contract: that a batch is ready is told there",
      { path: "^lib/metrics/" },
      {
        path: "^lib/(announce|relay|reduce|httpsd|serve|door|lease|history|scrapepool|explain)/|^lib/bus/(?!bus\\.ts)",
      },
    ),
    rule(
      "model-reads-metrics",
      "the model API stands on cluster metrics and the door, and asks nothing of the road of targets",
      { path: "^lib/model/" },
      {
        path: "^lib/(announce|relay|reduce|pool|httpsd|serve|status|lease|bus|history|scrapepool|explain|tick)/",
      },
    ),
    rule(
      "pool-knows-only-the-group",
      "the pool keeps what it is given",
      { path: "^lib/pool/" },
      { path: "^lib/(discovery|announce|relay|reduce|history|httpsd|serve|door|lease|bus)/" },
    ),
    rule(
      "httpsd-knows-only-the-pool",
      "rendering reads",
      { path: "^lib/httpsd/" },
      { path: "^lib/(discovery|announce|reduce|serve|bus|lease)/" },
    ),
    rule(
      "aws-sdk-in-files-named-after-the-service",
      "one place to look for what AWS is asked",
      {
        path: "^(lib|functions)/",
        pathNot: "/(dynamodb|eventbridge|sqs|s3|ssm|secretsmanager|sts|eks)\\.ts$",
      },
      { path: "node_modules/@aws-sdk/" },
    ),
    rule(
      "secrets-where-they-are-used",
      "who only stores or serves has no business with a secret, and starts without the clients for it",
      { path: "^functions/", pathNot: "^functions/(adapt|collect|discover|model|relay|relist|tick)\\.ts$" },
      { path: "node_modules/@aws-sdk/client-(ssm|secrets-manager)/", reachable: true },
    ),
    rule(
      "clusters-of-aws-where-they-are-reached",
      "tokens for EKS are signed by those who look",
      { path: "^functions/", pathNot: "^functions/(adapt|collect|discover|model|relay|relist)\\.ts$" },
      { path: "node_modules/@aws-sdk/client-(sts|eks)/", reachable: true },
    ),
    rule(
      "files-of-a-bucket-where-they-are-read",
      "the configuration by tick, what it names by those who look",
      { path: "^functions/", pathNot: "^functions/(adapt|collect|tick|discover|model|relay|relist)\\.ts$" },
      { path: "node_modules/@aws-sdk/client-s3/", reachable: true },
    ),
    rule(
      "yaml-comes-in-by-one-door",
      "which counts its levels; these only write it, or read what the door gives",
      {
        path: "^(lib|functions)/",
        pathNot:
          "^lib/(yamldocuments|config/yaml(-syntax)?|targetgroup/parse|scrapepool/jobyaml|adapter/api/answer)\\.ts$",
      },
      { path: "node_modules/yaml/" },
    ),
    rule(
      "kubernetes-client-in-one-place",
      "the package gives configuration, authentication and TLS; list and watch are ours",
      { path: "^(lib|functions|local)/", pathNot: "^lib/discovery/kubernetes/client\\.ts$" },
      { path: "node_modules/@kubernetes/client-node" },
    ),
    rule(
      "kubernetes-client-where-clusters-are-reached",
      "it is most of a bundle: who only orders, stores or serves starts without it",
      { path: "^functions/", pathNot: "^functions/(adapt|collect|discover|relay|relist)\\.ts$" },
      { path: "node_modules/@kubernetes/client-node", reachable: true },
    ),
    rule(
      "examples-stand-alone",
      "a subscriber copies them",
      { path: "^docs/examples/subscribers/" },
      { path: "^(lib|functions|local|cli|tests|docs/events)/" },
    ),
    rule(
      "no-tests-in-the-product",
      "what ships knows no test",
      { path: "^(lib|functions|local)/" },
      { path: "^tests/" },
    ),
  ],
};
