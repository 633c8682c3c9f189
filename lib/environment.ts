import * as z from "zod";
import { type FollowMode, followModes } from "./config/settings.ts";
import { logLevels } from "./log.ts";

/** Everything that functions take from the environment; serverless.yml sets it, the local run too. */
export interface Environment {
  /** In the cloud a configuration is not trusted as far as its own machine's owner is (design §3.1). */
  readonly where: (typeof places)[number];
  readonly tableName: string;
  readonly busName: string;
  readonly deadLetterUrl: string;
  readonly configFile: string;
  readonly settingsFile?: string | undefined;
  readonly kubeconfigFile?: string | undefined;
  /** A Kubernetes service account is mounted: Kubernetes itself says so to everything that runs in it. */
  readonly inCluster: boolean;
  /** Who keeps up with clusters whose settings do not say. */
  readonly follow: FollowMode;
  /** How many targets the clusters have together that share a relay; 0: each has a relay of its own. */
  readonly relayTargets: number;
  /** How long a reader of a list may wait for it to change; 0: not at all. */
  readonly longPollSeconds: number;
  /** How fast the door hands on a big answer; 0: as fast as the reader takes it. */
  readonly doorBytesPerSecond: number;
  readonly logLevel: (typeof logLevels)[number];
  /** The stack's name, by which metrics and log lines are told apart. */
  readonly serviceName: string;
}

/** Read once, at cold start. Refuses to start with one line that names every bad variable and what is allowed. */
export const readEnvironment = (variables: Readonly<Record<string, string | undefined>>): Environment => {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) throw new Error(`environment: ${parsed.error.issues.map(describe).join("; ")}`);
  const env = parsed.data;
  return {
    where: env.WHERE,
    tableName: env.TABLE_NAME,
    busName: env.BUS_NAME,
    deadLetterUrl: env.DEAD_LETTER_URL,
    configFile: env.CONFIG_FILE,
    settingsFile: env.SETTINGS_FILE || undefined,
    kubeconfigFile: env.KUBECONFIG_FILE || undefined,
    inCluster: (env.KUBERNETES_SERVICE_HOST ?? "") !== "",
    follow: env.FOLLOW,
    relayTargets: env.RELAY_TARGETS,
    longPollSeconds: env.LONG_POLL_SECONDS,
    doorBytesPerSecond: env.DOOR_BYTES_PER_SECOND,
    logLevel: env.LOG_LEVEL,
    serviceName: env.SERVICE_NAME,
  };
};

/** A function that serves has 29 seconds (serverless.yml). */
const longestPoll = 25;

const places = ["cloud", "local"] as const;

const required = z.string("is required").min(1, "must not be empty");

const wholeSeconds = `must be a whole number of seconds from 0 to ${longestPoll}`;
const wholeTargets = "must be a whole number of targets, 0 for a relay to each cluster";
const wholeBytes = "must be a whole number of bytes, 0 for no limit";

const schema = z.object({
  // Whoever forgets it gets the stricter rules.
  WHERE: z.enum(places, `must be one of ${places.join(", ")}`).default("cloud"),
  TABLE_NAME: required,
  BUS_NAME: required,
  DEAD_LETTER_URL: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }),
  CONFIG_FILE: required,
  SETTINGS_FILE: z.string().optional(),
  KUBECONFIG_FILE: z.string().optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  FOLLOW: z.enum(followModes, `must be one of ${followModes.join(", ")}`).default("schedule"),
  RELAY_TARGETS: z.coerce.number(wholeTargets).int(wholeTargets).min(0, wholeTargets).default(0),
  LONG_POLL_SECONDS: z.coerce
    .number(wholeSeconds)
    .int(wholeSeconds)
    .min(0, wholeSeconds)
    .max(longestPoll, wholeSeconds)
    .default(0),
  DOOR_BYTES_PER_SECOND: z.coerce.number(wholeBytes).int(wholeBytes).min(0, wholeBytes).default(0),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(", ")}`).default("info"),
  SERVICE_NAME: z.string().min(1, "must not be empty").default("rollcall"),
});

const describe = (issue: z.core.$ZodIssue) => `${issue.path.join(".")} ${issue.message}`;
