import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { stringify } from "yaml";
import { createDynamoBlobs } from "../../../lib/blob/dynamodb.ts";
import { systemClock } from "../../../lib/clock.ts";
import { createDynamoAccepted } from "../../../lib/config/dynamodb.ts";
import { createPlanReader } from "../../../lib/discovery/current.ts";
import { createTable } from "../../../lib/table/dynamodb.ts";
import { type Cloud, startCloud } from "../../../local/cloud.ts";
import { onHead } from "../../../local/function/awslambda.ts";
import { printTemplateWith } from "../../../local/template/print.ts";
import { restRequest } from "../../functions/recorded.ts";
import { eventually } from "../eventually.ts";
import { repository } from "../process.ts";
import { names, parameters, startElsewhere } from "./elsewhere.ts";
import { askAdapter, rules } from "./measured.ts";
import { named } from "./recorded.ts";

/**
 * The same bundles as in the cloud: a configuration in S3, credentials and settings by reference, EKS. All that they may ask of
 * S3, SSM, Secrets Manager, STS and EKS they ask here. No cluster and no server is reached, since in the cloud loopback is refused.
 */
export const useInCloud = async (
  { root, folder }: { root: string; folder: string },
  isAsked: (by: string, target: string) => boolean,
) => {
  const endpoints = await startElsewhere(objects());
  const printed = await printTemplateWith(repository, parameters);
  const cloud = await startCloud({
    ...{ printed, root: named(root), dataDir: folder, clock: systemClock, random: Math.random },
    variables: { ...endpoints, FOLLOW: "relay" },
    log: () => undefined,
  });
  try {
    await cloud.functions.invoke("tick", { schedule: "tick" });
    for (const target of ["s3.ListBucket", "AmazonSSM.GetParameter", "sts.AssumeRole", "eks.DescribeCluster"])
      await eventually(`a relay asks for ${target}`, 30, () => assert.ok(isAsked("relay", target)));
    cloud.stop();
    await cloud.functions.idle();
    await Promise.all((await clustersOf()).map((cluster) => lookAt(cluster, cloud)));
    await cloud.functions.invoke("collect", { schedule: "collect" });
    await ask("api/v1/historical/nodes", cloud);
    await cloud.functions.invoke("relist", { schedule: "relist" });
    for (const { host } of adapters) await askAdapter(cloud, host, "/apis/metrics.k8s.io/v1beta1/nodes");
    return { printed, cloud };
  } finally {
    await cloud.close();
  }
};

const both = `\${ssm:/rollcall/credential}\${secretsmanager:${names.credential}}`;

/** One by a token, one by EKS, and one by EKS and a role. */
const adapters = ["plain", "named", "other"].map((cluster) => ({ cluster, host: `${cluster}.example` }));
const prometheus = { url: "http://localhost:9", authorization: { credentials: both } };
const token = randomBytes(32).toString("hex");

const objects = () => {
  const eks = (name: string, more: object) => ({
    eks: { cluster_name: name, region: "eu-central-1", ...more },
  });
  const clusters = [
    { name: "${ssm:/rollcall/name}", ...eks("prod", {}) },
    { name: "other", ...eks("other", { role_arn: names.role }) },
    {
      ...{ name: "plain", api_server: "https://localhost:1" },
      authorization: { credentials: both },
      tls_config: { ca_file: "ca.pem" },
    },
  ];
  const sink = `influxdb:http://localhost:9?pw=${both.replaceAll("#", "%23")}`;
  const settings = {
    clusters,
    guard: { min_removed: `\${secretsmanager:${names.settings}#least}` },
    tokens: [{ name: "one", sha256: createHash("sha256").update(token).digest("hex"), jobs: ["*"] }],
    adapters: [...adapters.slice(1), { ...adapters[0], rules_file: "adapter.yml", prometheus }],
    metrics: { sources: ["kubernetes.summary_api:"], sinks: [sink], historical_source: sink },
  };
  const jobs = [
    { job_name: "pods", kubernetes_sd_configs: [{ role: "pod" }] },
    { job_name: "files", file_sd_configs: [{ files: ["targets/*.json"] }] },
  ];
  return {
    "prometheus.yml": stringify({ scrape_config_files: ["jobs/*.yml"], scrape_configs: jobs }),
    "rollcall.yml": stringify(settings),
    "adapter.yml": stringify(rules),
    "jobs/one.yml": "scrape_configs: []",
    "targets/one.json": '[{"targets": ["10.0.0.1:1"]}]',
    "ca.pem": "no certificate",
  };
};

const clustersOf = async (): Promise<string[]> => {
  const table = createTable(String(process.env.TABLE_NAME));
  const blobs = createDynamoBlobs(table, Date.now);
  const plan = await createPlanReader(createDynamoAccepted(table, { blobs, clock: Date.now }))();
  assert.ok(plan, "the configuration in S3 was not accepted");
  return [...new Set(plan.providers.map(({ cluster }) => cluster))];
};

const lookAt = (cluster: string, cloud: Cloud) =>
  cloud.functions.invoke("discover", {
    ...{ source: "rollcall.discovery", "detail-type": "Discovery Due", time: new Date().toISOString() },
    detail: { schema: 1, cluster },
  });

const ask = async (path: string, cloud: Cloud) => {
  const stream = new PassThrough();
  onHead(stream, () => undefined);
  const headers = { Host: "x", Authorization: `Bearer ${token}` };
  const multiValueHeaders = Object.fromEntries(Object.entries(headers).map(([name, one]) => [name, [one]]));
  const request = { ...restRequest(path), headers, multiValueHeaders, pathParameters: { rest: "x" } };
  const event = { ...request, multiValueQueryStringParameters: { cluster: ["named"] } };
  const body = text(stream);
  await cloud.functions.stream("model", event, stream);
  return body;
};
