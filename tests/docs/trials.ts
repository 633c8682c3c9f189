/** How one command of the documentation is tried. */
export type Trial = Run | { readonly by: string } | { readonly not: string };

/** As it stands there, by an end-to-end suite: `newcomer` in a new clone on a bare machine, `guides` where a guide's reader would be. */
export interface Run {
  readonly in: "newcomer" | "guides";
  /** What must be in its output. */
  readonly prints: RegExp;
  /** It goes on for as long as nobody ends it: wait for the output, then end it. */
  readonly isEndless?: true;
  /** Absent: 0. */
  readonly code?: number;
}

const deploy = { by: "tests/unit/docs/deploy.test.ts" };
const cost = { by: "tests/unit/docs/cost.test.ts" };
const rehearsed = { by: "tests/e2e/rehearsal.test.ts" };
const keda = { by: "tests/unit/cli/adapter.test.ts" };
const inCi = { by: ".ci/run" };
const firstOfAll = {
  not: "is what npm start does first in a new clone (local/install.mjs), and so the suite newcomer",
};

/**
 * Every command that README.md, the other pages of the root and `docs/` show (but the decisions, which tell of their day), with
 * who tries it: a suite that runs it as it stands, another test or `.ci/run`, or nobody, and why. tests/unit/docs/commands.test.ts
 * fails for a command that is not here, and for a line here that no page shows any more.
 */
export const trials: Readonly<Record<string, Trial>> = {
  // README.md, CONTRIBUTING.md, ARCHITECTURE.md
  "npm start": { by: "tests/e2e/newcomer.test.ts" },
  "npm start -- --config prometheus.yml --kubeconfig ~/.kube/config": {
    ...{ in: "newcomer", isEndless: true },
    prints: /\/sd\/pods\n/,
  },
  "npx rollcall --help": { in: "newcomer", prints: /^Usage: rollcall/m },
  "npm run screenshots": { in: "newcomer", prints: /overview\.png: \d+ kB/ },
  "npm run schemas": { in: "newcomer", prints: /^/ },
  "npx node bench/readme.ts": { in: "newcomer", prints: /^/ },
  "npm run imports": { in: "newcomer", prints: /^/ },
  "npm test": inCi,
  "npm run package:figures": inCi,
  "npm run package:figures -- --accept": { not: "changes what is committed; without it .ci/run has it" },
  "npm run test:e2e": inCi,
  "npm run test:e2e -- rehearsal": inCi,
  "npm run test:e2e -- newcomer": inCi,
  "npm run package && npm run package:figures": inCi,
  ".ci/run": { not: "is what runs all of this" },
  "ROLLCALL_CRASH_ROUNDS=50 npm run test:e2e -- crash": {
    not: "takes an hour; the suite runs with three rounds",
  },
  "RUNS=5000 npx node --test tests/unit/relay/promises.test.ts": {
    not: "takes minutes; npm test has it with fewer",
  },

  // docs/migrate.md, from its first step to its last
  "rollcall check prometheus.yml": { in: "guides", prints: /good, 1 job/ },
  "rollcall up --config prometheus.yml --kubeconfig ~/.kube/config": {
    ...{ in: "guides", isEndless: true },
    prints: /\/sd\/pods\n/,
  },
  "rollcall targets --job pods": { in: "guides", prints: /^pods +active/m },
  "rollcall compare --prometheus http://127.0.0.1:9090": {
    in: "guides",
    prints: /^pods: equal, 3 targets alike/m,
  },
  "rollcall scrape-config --config prometheus.yml --for prometheus --server http://rollcall:9095 >prometheus.new.yml":
    { in: "guides", prints: /^/ },
  "promtool check config prometheus.new.yml": { in: "guides", prints: /SUCCESS/ },
  "rollcall explain pod/shop/web-1": { in: "guides", prints: /^pods: served/m },
  "rollcall explain pod/shop/web-1 --job pods": { in: "guides", prints: /^pods: served/m },
  "rollcall diff --config proposed.yml --kubeconfig ~/.kube/config --against http://rollcall:9095 --max-lost 1%":
    {
      ...{ in: "guides", code: 1 },
      prints: /2 of 3 targets would be lost/,
    },
  "rollcall file-sd --job pods --out targets/pods.json": {
    ...{ in: "guides", isEndless: true },
    prints: /targets\/pods\.json/,
  },
  "npm pack": { in: "newcomer", prints: /rollcall-\d+\.\d+\.\d+\.tgz/ },
  "rollcall COMMAND --help": { by: "tests/unit/cli/usage.test.ts" },

  // docs/deploy.md, docs/parameters.md
  "npm ci": firstOfAll,
  "npm ci --ignore-scripts": firstOfAll,
  "npm run package": inCi,
  "npm run check:template": inCi,
  "npm run package && npm run check:template": inCi,
  "openssl rand -hex 32 | tr -d '\\n' > scrapers.token": { in: "guides", prints: /^$/ },
  "sha256sum < scrapers.token": { in: "guides", prints: /^[0-9a-f]{64} / },
  "npx rollcall check my/prometheus.yml --settings my/rollcall.yml": deploy,
  "npx rollcall rbac --config my/prometheus.yml --settings my/rollcall.yml --cluster prod-eu --group rollcall > rbac.yml":
    deploy,
  "npx rollcall scrape-config --config my/prometheus.yml --server DOOR --token-file /etc/rollcall/token --relabelled > prometheus.new.yml":
    deploy,
  'npx serverless deploy --stage prod --region eu-central-1 --param "configBucket=BUCKET" --param "configPrefix=prod/"':
    rehearsed,
  'npx serverless deploy --stage prod --param "follow=relay" --param "alarmTopic=arn:aws:sns:…"': rehearsed,
  "npx serverless remove --stage prod --region eu-central-1": rehearsed,
  "rollcall rebuild --all": { by: "tests/unit/cli/rebuild.test.ts" },

  // docs/cost.md, docs/supply-chain.md, docs/adapter-rules.md, docs/prometheus-adapter.md and the rest
  "rollcall cost --clusters 1 --pods 200": cost,
  "rollcall cost --clusters 10 --pods 500 --follow relay --scrapers 2 --relabel": cost,
  "rollcall cost --clusters 100 --pods 5000 --follow relay --scrapers 2 --shards 6 --relabel": cost,
  "rollcall cost --clusters 100 --pods 5000 --scrapers 2 --shards 6 --relabel": cost,
  "rollcall cost --clusters 1 --pods 200 --churn 0 --follow relay": cost,
  "rollcall rbac --config prometheus.yml --group rollcall": { in: "guides", prints: /^kind: ClusterRole$/m },
  "rollcall rebuild --cluster NAME": { by: "tests/unit/cli/rebuild.test.ts" },
  "npm run sbom": { in: "newcomer", prints: /"bomFormat": ?"CycloneDX"/ },
  "npm run licences": inCi,
  "rollcall adapter keda --rules adapter.yml --prometheus http://prometheus:9090 --workload Deployment/web --namespace shop --series http_requests_total --threshold 100 >scaledobject.yml":
    keda,
  "rollcall adapter keda --scaled-object scaledobject.yml >adapter.yml": keda,
  "rollcall check prometheus.yml --settings rollcall.yml": { in: "guides", prints: /good, 1 job/ },
  "rollcall adapter manifests --endpoint metrics-prod-eu.example:443 --namespace rollcall --ca-file ca.pem >rollcall-adapter.yml":
    { by: "tests/e2e/adapter.test.ts" },
};

/** What nobody tries, by how it begins: new ones of these need no line. */
export const untried: readonly { readonly command: RegExp; readonly because: string }[] = [
  {
    command: /^npm run (fuzz|soak)\b/,
    because: "takes minutes to hours; npm test and the suite soak have short forms",
  },
  {
    command: /\bnpm run bench\b/,
    because:
      "figures take minutes, and a machine that does nothing else; tests/e2e/bench.test.ts has small ones",
  },
  {
    command:
      /^(aws|for function|git checkout NEXT|npx serverless info)\b|^(curl|npx rollcall targets) .*\bDOOR\b/,
    because: "needs an account of AWS, and what was deployed there",
  },
  {
    command: /^(kubectl|curl .*\bTOKEN\b|diff old)/s,
    because: "needs a cluster of the reader's; tests/e2e/adapter.test.ts has a real one",
  },
  { command: /^npm audit\b/, because: "asks an advisory service that is not there where this is built" },
  { command: /^(rollcall [a-z-]+|npx rollcall|npm sbom)$/, because: "names a program in a sentence" },
];
