import * as z from "zod";
import { fetchSecrets, type Secrets } from "./secrets.ts";

/** What the function is told by its environment. */
export interface Settings {
  readonly webhookUrl: URL;
  /** Rollcall's door, for groups that are too large for an event. */
  readonly doorUrl: URL;
  /** Where loopback and plain http are allowed: on the developer's machine. */
  readonly isLocal: boolean;
  /** Milliseconds for one request, its answer included. */
  readonly timeout: number;
  secrets(): Promise<Secrets>;
}

/** Throws one line that names every bad variable; no value is repeated, since some are secrets. */
export const readSettings = (variables: Readonly<Record<string, string | undefined>>): Settings => {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw new Error(`environment: ${problems.join("; ")}`);
  }
  const { WEBHOOK_URL, ROLLCALL_URL, WEBHOOK_LOCAL, WEBHOOK_SECRET, ROLLCALL_TOKEN, ...rest } = parsed.data;
  const isLocal = WEBHOOK_LOCAL === "true";
  const own = { webhookSecret: WEBHOOK_SECRET ?? "", rollcallToken: ROLLCALL_TOKEN };
  return {
    webhookUrl: urlIn("WEBHOOK_URL", WEBHOOK_URL, isLocal),
    // A path is joined to it; without the stroke its last part would be lost.
    doorUrl: urlIn("ROLLCALL_URL", `${ROLLCALL_URL.replace(/\/+$/, "")}/`, isLocal),
    isLocal,
    timeout: rest.REQUEST_SECONDS * 1000,
    secrets: rest.SECRET_ID === undefined ? async () => own : fetchSecrets(rest.SECRET_ID),
  };
};

const required = z.string("is required").min(1, "must not be empty");
const seconds = "must be a number of seconds from 1 to 10";

const schema = z
  .object({
    WEBHOOK_URL: required,
    ROLLCALL_URL: required,
    WEBHOOK_LOCAL: z.enum(["true", "false"], "must be true or false").default("false"),
    SECRET_ID: z.string().optional(),
    WEBHOOK_SECRET: z.string().startsWith("whsec_", "must begin with whsec_").optional(),
    ROLLCALL_TOKEN: z.string().optional(),
    REQUEST_SECONDS: z.coerce.number(seconds).min(1, seconds).max(10, seconds).default(5),
  })
  .refine(({ SECRET_ID, WEBHOOK_SECRET }) => (SECRET_ID === undefined) !== (WEBHOOK_SECRET === undefined), {
    path: ["SECRET_ID"],
    message: "or WEBHOOK_SECRET is required, not both",
  });

const urlIn = (name: string, text: string, isLocal: boolean): URL => {
  const url = URL.parse(text);
  const allowed = isLocal ? ["https:", "http:"] : ["https:"];
  if (url === null || !allowed.includes(url.protocol))
    throw new Error(`environment: ${name} must be a URL with ${allowed.join(" or ")}`);
  return url;
};
