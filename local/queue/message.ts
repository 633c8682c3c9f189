import * as z from "zod";

/** A message as it lies in a queue. Times are Unix milliseconds. */
export type Message = z.infer<typeof messageSchema>;

export type MessageAttributes = Message["attributes"];

/** SQS's own shape of an attribute: binary values are base64. */
export const attributeSchema = z.object({
  DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});

export const messageSchema = z.object({
  id: z.uuid(),
  body: z.string(),
  attributes: z.record(z.string().min(1).max(256), attributeSchema),
  sentAt: z.number(),
  /** How often it was handed out. */
  receives: z.number().int(),
  firstReceivedAt: z.number().optional(),
  /** The queue that gave it up. */
  deadLetterSource: z.string().optional(),
});

/** Bytes as SQS counts them: the body and each attribute's name, type and value. */
export const sizeOf = ({ body, attributes }: Pick<Message, "body" | "attributes">): number => {
  let size = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue = "", BinaryValue = "" }] of Object.entries(attributes)) {
    size += Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, "base64").length;
  }
  return size;
};
