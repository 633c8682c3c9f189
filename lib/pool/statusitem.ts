import * as z from "zod";
import type { Item } from "../table/dynamodb.ts";
import { itemAt, known, number, text, textOf } from "../table/item.ts";
import type { ProviderStatus } from "./status.ts";

/** Sort keys are compared as bytes, so a query gives the providers in order. */
export const statusPartition = "provider";

export const statusKey = (provider: string) => ({ pk: statusPartition, sk: provider });

/** The record as JSON beside two attributes for people who look into the table. */
export const statusItem = (status: ProviderStatus): Item =>
  itemAt(statusKey(status.provider), {
    status: text(JSON.stringify(status)),
    cluster: text(status.cluster),
    ...(status.lastSuccess !== undefined && { lastSuccess: number(status.lastSuccess) }),
  });

/** Throws an Error of one line, naming the provider, when the record is not one. */
export const readStatus = (item: Item): ProviderStatus => {
  const status = statusSchema.safeParse(jsonOf(textOf(known(item), "status")));
  if (status.success) return status.data;
  const [issue] = status.error.issues;
  const where = issue?.path.join(".") || "it";
  throw new Error(`record of provider ${textOf(item, "sk")}: ${where} is not what a record has there`);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON fits no schema.
    return undefined;
  }
};

const count = z.number().nonnegative();

const counters = z.object({
  looks: count,
  failures: count,
  added: count,
  updated: count,
  removed: count,
  repaired: count.exactOptional(),
  events: z.record(z.string(), count).exactOptional(),
  watchFailures: count.exactOptional(),
  durations: z.object({ count, seconds: count, within: z.array(count) }).exactOptional(),
});

const statusSchema = z.object({
  provider: z.string(),
  mechanism: z.enum(["kubernetes", "swarm", "dockerswarm", "docker", "static", "file", "http"]),
  role: z.string().exactOptional(),
  cluster: z.string(),
  jobs: z.array(z.string()),
  followedBy: z.enum(["schedule", "relay"]).exactOptional(),
  every: count,
  lastAttempt: count.exactOptional(),
  lastSuccess: count.exactOptional(),
  lastError: z.string(),
  sources: count,
  targets: count,
  lastDurationSeconds: count,
  counters,
  files: z.record(z.string(), z.number()).exactOptional(),
  filled: z.boolean().exactOptional(),
  guard: z.object({ since: count, sources: count, targets: count }).exactOptional(),
});
