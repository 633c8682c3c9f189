import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import * as z from "zod";
import { parameterFaults } from "../../../infra/parameters.ts";

const root = resolve(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const file = z.object({ default: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) });
const defaults = file.parse(parse(read("infra/parameters.yml"))).default;
const faults = (given: Record<string, unknown>) => parameterFaults(defaults, given);

test("parameters: those of the file are all good, and the check knows every one", () => {
  assert.deepEqual(faults({}), []);
  for (const name of Object.keys(defaults)) {
    assert.notDeepEqual(faults({ [name]: "?*" }), [], `${name} takes anything`);
  }
});

/** `| \`name\`, … | \`default\` | …`, in order. */
const documented = (): Record<string, string> =>
  Object.fromEntries(
    [...read("docs/parameters.md").matchAll(/^\| (`[^|]+`) \| (.*?)\s*\|/gm)].flatMap(
      ([, names = "", value = ""]) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => [name, value.replaceAll("`", "")]),
    ),
  );

test("parameters: the table in the docs has exactly those of the file, with their defaults", () => {
  const texts = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, String(value)]));
  assert.deepEqual(documented(), texts);
});

test("parameters: every one is used by the template, and the template uses no other", () => {
  const files = [
    "serverless.yml",
    ...["adapter", "alarms", "bus", "chosen", "dashboard", "door-private", "door-regional"].map(inFolder),
  ];
  const more = ["gateway", "provider", "queues", "roles", "roles-cluster", "table"].map(inFolder);
  const used = [...files, ...more].flatMap((path) =>
    [...read(path).matchAll(/\$\{param:(\w+)\}/g)].map(([, name = ""]) => name),
  );
  assert.deepEqual([...new Set(used)].toSorted(), Object.keys(defaults).toSorted());
});

const inFolder = (name: string) => `infra/${name}.yml`;

const refusals: readonly [string, Record<string, unknown>, RegExp][] = [
  ["a name that is none", { folow: "relay" }, /^there is no folow; there are configBucket, /],
  ["a word that is none of the choices", { follow: "maybe" }, /^follow must be one of schedule, relay$/],
  [
    "a wildcard for secrets",
    { secretArns: "*" },
    /^secretArns must be empty, or ARNs of secrets, .* without wildcards$/,
  ],
  [
    "a wildcard within",
    { secretArns: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:*" },
    /^secretArns/,
  ],
  [
    "a wildcard for roles",
    { clusterRoleArns: "arn:aws:iam::111122223333:role/rollcall-*" },
    /^clusterRoleArns/,
  ],
  [
    "a wildcard for EKS clusters",
    { eksClusterArns: "arn:aws:eks:eu-central-1:111122223333:cluster/*" },
    /^eksClusterArns must be empty, or ARNs of EKS clusters, .* without wildcards$/,
  ],
  [
    "a prefix without its slash",
    { configBucket: "bucket", configPrefix: "rollcall" },
    /^configPrefix .* ends with \/$/,
  ],
  ["a prefix that climbs", { configBucket: "bucket", configPrefix: "a/../" }, /^configPrefix/],
  [
    "a prefix of no bucket",
    { configPrefix: "rollcall/" },
    /^configPrefix must be empty without configBucket$/,
  ],
  [
    "a key of no bucket",
    { configKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/0a1b" },
    /^configKeyArn must be empty without configBucket$/,
  ],
  [
    "every key",
    { configBucket: "bucket", configKeyArn: "*" },
    /^configKeyArn must be empty or the ARN of a KMS key$/,
  ],
  [
    "a wildcard for what the settings say",
    { settingParameterArns: "arn:aws:ssm:eu-central-1:111122223333:parameter/*" },
    /^settingParameterArns .* without wildcards$/,
  ],
  ["a private door without an endpoint", { door: "private" }, /^doorEndpoints must name an endpoint/],
  [
    "endpoints of a regional door",
    { doorEndpoints: "vpce-0a1b" },
    /^doorEndpoints must .* be empty otherwise$/,
  ],
  ["subnets without a group", { subnets: "subnet-0a1b" }, /^securityGroups must be given together/],
  [
    "a load balancer that nobody's certificate is verified by",
    { adapterCertificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/0a1b-2c" },
    /^adapterCertificateArn must be given together with adapterTrustBucket, /,
  ],
  ["one reducer, which SQS refuses", { reduceConcurrency: "1" }, /^reduceConcurrency .* from 2 to 1000$/],
  [
    "a retention that CloudWatch has not",
    { logRetentionDays: 31 },
    /^logRetentionDays must be one of 1, 3, /,
  ],
];

for (const [name, given, message] of refusals) {
  test(`parameters: refuse ${name}, with what is allowed`, () => {
    const found = faults(given);
    assert.equal(found.length, 1, found.join("; "));
    assert.match(found[0] ?? "", message);
  });
}

test("parameters: several faults are told at once", () => {
  assert.equal(faults({ follow: "x", door: "y", z: 1 }).length, 3);
});

test("parameters: a whole deployment is taken, as text from the command line too", () => {
  const arn = (service: string, path: string) => `arn:aws:${service}:eu-central-1:111122223333:${path}`;
  const all = {
    ...{ configBucket: "my-bucket", configPrefix: "rollcall/prod/", follow: "relay", longPollSeconds: "25" },
    secretArns: [arn("secretsmanager", "secret:a/b-AbCdEf"), arn("secretsmanager", "secret:c-AbCdEf")].join(
      ",",
    ),
    ...{
      configKeyArn: arn("kms", "key/2c3d"),
      settingSecretArns: arn("secretsmanager", "secret:names-AbCdEf"),
    },
    settingParameterArns: arn("ssm", "parameter/rollcall/names"),
    ...{ parameterArns: arn("ssm", "parameter/rollcall/token"), secretKeyArns: arn("kms", "key/0a1b-2c") },
    clusterRoleArns: "arn:aws:iam::111122223333:role/path/looks,arn:aws:iam::444455556666:role/looks",
    eksClusterArns: [arn("eks", "cluster/prod-eu"), arn("eks", "cluster/prod_us2")].join(","),
    ...{
      door: "private",
      doorEndpoints: "vpce-0a1b,vpce-2c3d",
      subnets: "subnet-0a1b",
      securityGroups: "sg-0a1b",
    },
    ...{
      adapterCertificateArn: arn("acm", "certificate/0a1b-2c"),
      adapterTrustBucket: "my-bucket",
      adapterTrustKey: "adapter/front-proxies.pem",
      adapterSubnets: "subnet-0a1b,subnet-2c3d",
      adapterSecurityGroups: "sg-0a1b",
      adapterScheme: "internal",
    },
    ...{ reduceConcurrency: "50", relayConcurrency: "20", tracing: "Active", deletionProtection: "false" },
    alarmTopic: arn("sns", "alarms"),
  };
  assert.deepEqual(faults(all), []);
});
