import * as z from "zod";
import { RefusedError } from "../errors.ts";
import {
  eventSource,
  type TargetGroupChanged,
  targetGroupChanged,
  targetGroupChangedSchema,
} from "../targetgroup/event.ts";

/** An event older than this is refused: a tombstone that it could revive may be gone (design §2). */
const oldest = 24 * 3600_000;
/** An epoch further ahead of the clock than this would lock every later holder out, so it is refused. */
const furthestEpoch = 3600;

/**
 * The target-group event in a queue message's body, which is EventBridge's envelope as the rule sent it.
 * Throws RefusedError, with the reason for the dead letter, for what no retry can mend.
 */
export const readMessage = (body: string, now: number): TargetGroupChanged => {
  const envelope = accept(envelopeSchema, json(body), "envelope");
  const { schema } = accept(numbered, envelope.detail, "detail");
  if (schema !== 1) throw new RefusedError(`detail.schema is ${schema}; this version reads schema 1`);
  const event = accept(targetGroupChangedSchema, envelope.detail, "detail");
  const age = now - Date.parse(envelope.time);
  if (age > oldest) {
    throw new RefusedError(`the event is ${Math.floor(age / 3600_000)} hours old; at most 24 are accepted`);
  }
  if (event.version.epoch > now / 1000 + furthestEpoch) {
    throw new RefusedError(`epoch ${event.version.epoch} lies more than an hour in the future`);
  }
  return event;
};

const envelopeSchema = z.object({
  source: z.literal(eventSource),
  "detail-type": z.literal(targetGroupChanged),
  time: z.iso.datetime(),
  detail: z.unknown(),
});

const numbered = z.object({ schema: z.number() });

const json = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    // The engine's own message quotes the text; the dead letter has it whole.
    throw new RefusedError("the body is no JSON");
  }
};

const accept = <Schema extends z.ZodType>(schema: Schema, value: unknown, place: string): z.infer<Schema> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = [place, ...issue.path].join(".");
  throw new RefusedError(`${path}: ${issue.message}`);
};
