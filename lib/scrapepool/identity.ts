import { createHash } from "node:crypto";
import type { Job } from "../config/configuration.ts";

/** Another text as soon as the job makes other targets of what it discovers; the same in every process. */
export const jobIdentity = (job: Job): string => {
  const known = identities.get(job);
  if (known !== undefined) return known;
  const { sdConfigs: _discovery, ...rest } = job;
  const identity = createHash("sha256")
    .update(JSON.stringify(rest, plainly))
    .digest("base64url")
    .slice(0, 22);
  identities.set(job, identity);
  return identity;
};

const identities = new WeakMap<Job, string>();

/** A modulus has 64 bits. */
const plainly = (_key: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
