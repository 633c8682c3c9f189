import * as z from "zod";
import { ServiceError } from "../protocol.ts";
import { attributeSchema } from "./message.ts";

/** Checks an action's input; a wrong one is refused as SQS does, naming the first parameter at fault. */
export const checked = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ServiceError(
    "InvalidParameterValueException",
    `${issue?.path.join(".")}: ${issue?.message}`,
    "InvalidParameterValue",
  );
};

/** What SQS takes in a body: the characters that XML 1.0 has room for. */
const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

const seconds = (most: number) => z.number().int().min(0).max(most);
const message = {
  MessageBody: z.string().min(1).regex(allowed, "contains invalid characters"),
  MessageAttributes: z.record(z.string(), attributeSchema).nullish(),
  DelaySeconds: seconds(900).optional(),
};
const queue = { QueueUrl: z.string() };
const entryId = z.string().regex(/^[\w-]{1,80}$/);
const names = z.array(z.string()).nullish();

export const sendSchema = z.object({ ...queue, ...message });
export const sendBatchSchema = z.object({
  ...queue,
  Entries: z.array(z.object({ Id: entryId, ...message })),
});
export const receiveSchema = z.object({
  ...queue,
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: seconds(43_200).optional(),
  WaitTimeSeconds: seconds(20).default(0),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
});
export const removeSchema = z.object({ ...queue, ReceiptHandle: z.string() });
export const removeBatchSchema = z.object({
  ...queue,
  Entries: z.array(z.object({ Id: entryId, ReceiptHandle: z.string() })),
});
export const visibilitySchema = z.object({ ...removeSchema.shape, VisibilityTimeout: seconds(43_200) });
export const queueSchema = z.object(queue);
export const queueNameSchema = z.object({ QueueName: z.string() });

/** The rules of every batch: one to ten entries, whose ids differ. */
export const checkBatch = (entries: readonly { readonly Id: string }[]): void => {
  const refuse = (code: string, message: string) => {
    throw new ServiceError(code, message, `AWS.SimpleQueueService.${code}`);
  };
  if (entries.length === 0) refuse("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (entries.length > 10)
    refuse("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10.");
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    refuse("BatchEntryIdsNotDistinct", "Two entries have one Id.");
};
