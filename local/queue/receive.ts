import type { Clock } from "../../lib/clock.ts";
import { digestOfAttributes, digestOfBody } from "./digest.ts";
import { checked, receiveSchema } from "./input.ts";
import type { Message } from "./message.ts";
import type { Delivery, Queue } from "./queue.ts";

/** ReceiveMessage: waits for the first message as long as was asked, or until the client is gone. */
export const receive = async (call: {
  given: unknown;
  gone: AbortSignal;
  find: (request: { QueueUrl: string }) => Queue;
  clock: Clock;
}) => {
  const { given, gone, find, clock } = call;
  const request = checked(receiveSchema, given);
  const queue = find(request);
  const visibility =
    request.VisibilityTimeout === undefined ? {} : { visibility: request.VisibilityTimeout * 1000 };
  const until = clock.now() + request.WaitTimeSeconds * 1000;
  for (;;) {
    const deliveries = gone.aborted
      ? []
      : queue.receive({ most: request.MaxNumberOfMessages, ...visibility });
    const left = until - clock.now();
    if (deliveries.length > 0 || left <= 0 || gone.aborted) {
      return { Messages: deliveries.map((delivery) => describe(delivery, request)) };
    }
    await queue.wait(left, gone);
  }
};

interface Asked {
  readonly AttributeNames?: readonly string[] | null | undefined;
  readonly MessageSystemAttributeNames?: readonly string[] | null | undefined;
  readonly MessageAttributeNames?: readonly string[] | null | undefined;
}

const describe = ({ message, receipt }: Delivery, asked: Asked) => {
  const system = [...(asked.AttributeNames ?? []), ...(asked.MessageSystemAttributeNames ?? [])];
  const own = asked.MessageAttributeNames ?? [];
  const attributes = pick(message.attributes, (name) => own.some((pattern) => fits(pattern, name)));
  return {
    MessageId: message.id,
    ReceiptHandle: receipt,
    Body: message.body,
    MD5OfBody: digestOfBody(message.body),
    Attributes: pick(systemAttributes(message), (name) => system.includes("All") || system.includes(name)),
    ...(Object.keys(attributes).length > 0 && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: digestOfAttributes(attributes),
    }),
  };
};

const fits = (pattern: string, name: string) =>
  pattern === "All" || pattern === name || (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -1)));

const pick = <T>(all: Readonly<Record<string, T>>, wanted: (name: string) => boolean) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => wanted(name)));

/** What SQS tells about a message besides its sender's attributes; Lambda's records carry the same. */
export const systemAttributes = (message: Message): Record<string, string> => ({
  ApproximateReceiveCount: String(message.receives),
  SentTimestamp: String(message.sentAt),
  SenderId: "rollcall",
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
  ...(message.deadLetterSource && { DeadLetterQueueSourceArn: message.deadLetterSource }),
});
