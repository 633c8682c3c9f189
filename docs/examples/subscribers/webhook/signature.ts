import { createHmac } from "node:crypto";

/**
 * The `webhook-signature` header of Standard Webhooks 1.0 (github.com/standard-webhooks, "Signature scheme"): HMAC-SHA-256
 * over id, timestamp and body, in base64. The timestamp, in Unix seconds, is under the signature, so that a receiver can refuse what somebody replays.
 */
export const signatureOf = (given: {
  readonly secret: string;
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}): string => {
  const key = Buffer.from(given.secret.replace(/^whsec_/, ""), "base64");
  const signed = `${given.id}.${given.timestamp}.${given.body}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
};
