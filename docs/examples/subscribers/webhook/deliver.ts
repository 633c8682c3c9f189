import { createHash } from "node:crypto";
import { type Change, type Group, type Labels, readChange, readGroup } from "./change.ts";
import { ask } from "./request.ts";
import type { Secrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { signatureOf } from "./signature.ts";

/** Hands the change in this message on, with its whole group. Throws one line when the webhook did not take it. */
export const deliver = async (
  message: string,
  { settings, clock }: { settings: Settings; clock: () => number },
): Promise<void> => {
  const change = readChange(message);
  const secrets = await settings.secrets();
  const group = change.group ?? (await claimed(change, settings, secrets));
  const body = payloadOf(change, group);
  const id = keyOf(change, group.source);
  const timestamp = Math.floor(clock() / 1000);
  const { timeout, isLocal } = settings;
  const { status } = await ask({
    timeout,
    isLocal,
    what: "the webhook",
    url: settings.webhookUrl,
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": `${timestamp}`,
      "webhook-signature": signatureOf({ secret: secrets.webhookSecret, id, timestamp, body }),
    },
    body,
    mostBytes: 65_536,
  });
  if (status < 200 || status > 299) throw new Error(`the webhook answered ${status}`);
};

/**
 * The same for every delivery of one change, whoever repeats it: SQS, EventBridge or Rollcall itself. A version is
 * unique within its cluster.
 */
export const keyOf = ({ cluster, provider, version }: Change, source: string): string => {
  const whose = createHash("sha256")
    .update(JSON.stringify([cluster, provider, source]))
    .digest("hex");
  return `${version.epoch}-${version.sequence}-${whose.slice(0, 16)}`;
};

const payloadOf = ({ claim, group: _, observedAt, ...change }: Change, group: Group): string =>
  JSON.stringify({ type: "target_group.changed", timestamp: observedAt, data: { ...change, group } });

/** A large group waits at the door for 48 hours; what comes is checked against the event's hash. */
const claimed = async (change: Change, settings: Settings, { rollcallToken }: Secrets): Promise<Group> => {
  const { href = "", bytes = 0, source } = change.claim ?? {};
  const url = new URL(href, settings.doorUrl);
  if (!url.href.startsWith(settings.doorUrl.href))
    throw new Error("the claim's link leads away from the door");
  if (bytes > mostClaimed) throw new Error(`the claim has ${bytes} bytes; at most ${mostClaimed} are read`);
  const { timeout, isLocal } = settings;
  const { status, text } = await ask({
    timeout,
    isLocal,
    what: "the claim",
    url,
    method: "GET",
    headers: rollcallToken === undefined ? {} : { authorization: `Bearer ${rollcallToken}` },
    mostBytes: bytes,
  });
  if (status !== 200) throw new Error(`the claim answered ${status}`);
  const group = readGroup(text);
  if (group.source !== source || hashOf(group) !== change.hash)
    throw new Error("the claim is not what its event says");
  return group;
};

const mostClaimed = 32_000_000;

/** SHA-256 of the canonical JSON: no blanks, names sorted by code unit, targets in order. */
const hashOf = ({ labels, source, targets }: Group): string =>
  createHash("sha256")
    .update(`{"labels":${canonical(labels)},"source":${JSON.stringify(source)},`)
    .update(`"targets":[${targets.map(canonical).join(",")}]}`)
    .digest("hex");

const canonical = (labels: Labels): string => {
  const names = Object.keys(labels).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(labels[name])}`).join(",")}}`;
};
