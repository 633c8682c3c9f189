import * as z from "zod";

/**
 * What is wrong with the parameters of a deployment, one line each, with the parameter's name and what is allowed.
 * `given` is what a stage or the command line says, over `defaults` (infra/parameters.yml).
 */
export const parameterFaults = (
  defaults: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): string[] => {
  const unknown = Object.keys(given).filter((name) => !(name in shape));
  const parsed = schema.safeParse({ ...defaults, ...given });
  const issues = parsed.success ? [] : parsed.error.issues;
  return [
    ...unknown.map((name) => `there is no ${name}; there are ${Object.keys(shape).join(", ")}`),
    ...issues
      .filter(({ path }) => path.length > 0)
      .map(({ path, message }) => `${path.join(".")} ${message}`),
  ];
};

/** A value from the command line is text, one from a file what YAML makes of it. */
const text = (pattern: RegExp, allowed: string) => z.coerce.string().regex(pattern, `must be ${allowed}`);
const oneOf = (...names: string[]) =>
  z.coerce.string().refine((value) => names.includes(value), `must be one of ${names.join(", ")}`);
const whole = (least: number, most: number) => {
  const allowed = `must be a whole number from ${least} to ${most}`;
  return z.coerce
    .string()
    .regex(/^\d+$/, allowed)
    .transform(Number)
    .pipe(z.number().min(least, allowed).max(most, allowed));
};
/** Names separated by commas, each of them whole: a wildcard would give a function what nobody named. */
const list = (one: RegExp, allowed: string) =>
  text(
    new RegExp(`^(${one.source}(,${one.source})*)?$`),
    `empty, or ${allowed}, separated by commas, without wildcards`,
  );
const limit = z.union([z.literal(""), whole(1, 100_000)], "must be empty or a whole number from 1 to 100000");

const arn = (service: string, path: string) =>
  new RegExp(`arn:[a-z-]+:${service}:[a-z0-9-]*:\\d{12}:${path}`);
const logDays = [
  "1",
  "3",
  "5",
  "7",
  "14",
  "30",
  "60",
  "90",
  "120",
  "150",
  "180",
  "365",
  "400",
  "545",
  "731",
  "1827",
  "3653",
];

const secretArns = list(arn("secretsmanager", "secret:[\\w/+=.@-]+"), "ARNs of secrets");
const parameterArns = list(arn("ssm", "parameter/[\\w/.-]+"), "ARNs of SSM parameters");

const shape = {
  configBucket: text(/^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/, "empty or the name of an S3 bucket"),
  configPrefix: text(/^([\w-][\w.-]*\/)*$/, "empty or a prefix that ends with /"),
  configKeyArn: text(new RegExp(`^(${arn("kms", "key/[\\w-]+").source})?$`), "empty or the ARN of a KMS key"),
  configFile: text(/^[\w-][\w.-]*$/, "a file's name"),
  settingsFile: text(/^[\w-][\w.-]*$/, "a file's name"),
  secretArns,
  parameterArns,
  settingSecretArns: secretArns,
  settingParameterArns: parameterArns,
  secretKeyArns: list(arn("kms", "key/[\\w-]+"), "ARNs of KMS keys"),
  clusterRoleArns: list(arn("iam", "role/[\\w+=,.@/-]+?"), "ARNs of roles"),
  eksClusterArns: list(arn("eks", "cluster/[\\w-]+"), "ARNs of EKS clusters"),
  follow: oneOf("schedule", "relay"),
  relayTargets: whole(0, 1_000_000),
  longPollSeconds: whole(0, 25),
  doorBytesPerSecond: whole(0, 1_000_000_000),
  door: oneOf("regional", "private"),
  doorEndpoints: list(/vpce-[0-9a-f]+/, "ids of VPC endpoints"),
  subnets: list(/subnet-[0-9a-f]+/, "ids of subnets"),
  securityGroups: list(/sg-[0-9a-f]+/, "ids of security groups"),
  batchingWindow: whole(0, 300),
  reduceConcurrency: whole(2, 1000),
  discoverConcurrency: limit,
  relayConcurrency: limit,
  serveConcurrency: limit,
  clusterMemory: whole(256, 10_240),
  memory: whole(256, 10_240),
  logRetentionDays: z.coerce
    .string()
    .refine((days) => logDays.includes(days), `must be one of ${logDays.join(", ")}`),
  logLevel: oneOf("debug", "info", "warn", "error"),
  tracing: oneOf("PassThrough", "Active"),
  deletionProtection: oneOf("true", "false"),
  adapterCertificateArn: text(
    /^(arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+)?$/,
    "empty or the ARN of an ACM certificate",
  ),
  adapterTrustBucket: text(/^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$/, "empty or the name of an S3 bucket"),
  adapterTrustKey: text(/^[\w!.*'()/-]*$/, "empty or the key of a PEM file in that bucket"),
  adapterSubnets: list(/subnet-[0-9a-f]+/, "ids of subnets"),
  adapterSecurityGroups: list(/sg-[0-9a-f]+/, "ids of security groups"),
  adapterScheme: oneOf("internet-facing", "internal"),
  alarmTopic: text(/^(arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w.-]+)?$/, "empty or the ARN of an SNS topic"),
};

/** Those that need each other; a private door without an endpoint would let nobody in. */
const schema = z
  .object(shape)
  .refine(({ door, doorEndpoints }) => (door === "private") === (doorEndpoints !== ""), {
    path: ["doorEndpoints"],
    message: "must name an endpoint when door is private, and be empty otherwise",
  })
  .refine(
    (given) => {
      const parts = [given.adapterTrustBucket, given.adapterTrustKey, given.adapterSecurityGroups];
      return given.adapterCertificateArn === ""
        ? [...parts, given.adapterSubnets].every((part) => part === "")
        : parts.every((part) => part !== "") && given.adapterSubnets.includes(",");
    },
    {
      path: ["adapterCertificateArn"],
      message:
        "must be given together with adapterTrustBucket, adapterTrustKey, adapterSecurityGroups and at least two adapterSubnets, or none of them",
    },
  )
  .refine(({ subnets, securityGroups }) => (subnets === "") === (securityGroups === ""), {
    path: ["securityGroups"],
    message: "must be given together with subnets, or neither",
  })
  .refine(({ configBucket, configPrefix }) => configBucket !== "" || configPrefix === "", {
    path: ["configPrefix"],
    message: "must be empty without configBucket",
  })
  .refine(({ configBucket, configKeyArn }) => configBucket !== "" || configKeyArn === "", {
    path: ["configKeyArn"],
    message: "must be empty without configBucket",
  });
