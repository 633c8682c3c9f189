import type { Clock } from "../../lib/clock.ts";
import { type Service, ServiceError } from "../protocol.ts";
import { digestOfAttributes, digestOfBody } from "./digest.ts";
import * as input from "./input.ts";
import { type MessageAttributes, sizeOf } from "./message.ts";
import type { Queue } from "./queue.ts";
import { receive } from "./receive.ts";

/** Amazon SQS in the JSON protocol, over queues of ours. */
export const createSqs = (options: { queues: readonly Queue[]; clock: Clock }): Service => {
  const { queues, clock } = options;
  const find = ({ QueueUrl }: { QueueUrl: string }): Queue => {
    const name = QueueUrl.split("/").at(-1);
    return queues.find(({ definition }) => definition.name === name) ?? noQueue();
  };
  return {
    target: "AmazonSQS",
    contentType: "application/x-amz-json-1.0",
    actions: {
      SendMessage: (given) => {
        const request = input.checked(input.sendSchema, given);
        checkSize([request]);
        return sendOne(find(request), request);
      },
      SendMessageBatch: (given) => {
        const request = input.checked(input.sendBatchSchema, given);
        input.checkBatch(request.Entries);
        checkSize(request.Entries);
        const queue = find(request);
        return {
          Successful: request.Entries.map((entry) => ({ Id: entry.Id, ...sendOne(queue, entry) })),
          Failed: [],
        };
      },
      ReceiveMessage: (given, gone) => receive({ given, gone, find, clock }),
      DeleteMessage: (given) => {
        const request = input.checked(input.removeSchema, given);
        if (!find(request).remove(request.ReceiptHandle)) throw new ServiceError(...badReceipt);
        return {};
      },
      DeleteMessageBatch: (given) => {
        const request = input.checked(input.removeBatchSchema, given);
        input.checkBatch(request.Entries);
        return removeBatch(find(request), request.Entries);
      },
      ChangeMessageVisibility: (given) => {
        const request = input.checked(input.visibilitySchema, given);
        const changed = find(request).changeVisibility(
          request.ReceiptHandle,
          request.VisibilityTimeout * 1000,
        );
        if (changed === false) throw new ServiceError(...badReceipt);
        if (changed === "stale") throw new ServiceError(...notInFlight);
        return {};
      },
      GetQueueAttributes: (given) => ({
        Attributes: attributesOf(find(input.checked(input.queueSchema, given))),
      }),
      GetQueueUrl: (given) => {
        const { QueueName } = input.checked(input.queueNameSchema, given);
        return { QueueUrl: find({ QueueUrl: QueueName }).definition.url };
      },
      ListQueues: () => ({ QueueUrls: queues.map(({ definition }) => definition.url) }),
      PurgeQueue: (given) => {
        find(input.checked(input.queueSchema, given)).purge();
        return {};
      },
    },
  };
};

const badReceipt: [string, string] = ["ReceiptHandleIsInvalid", "The input receipt handle is invalid."];
const notInFlight: [string, string, string] = [
  "MessageNotInflight",
  "The message is not in flight any more.",
  "AWS.SimpleQueueService.MessageNotInflight",
];

const noQueue = (): never => {
  throw new ServiceError(
    "QueueDoesNotExist",
    "The specified queue does not exist.",
    "AWS.SimpleQueueService.NonExistentQueue",
  );
};

/** One message, and also a whole batch of them (SQS quotas since August 2025). */
const mostBytes = 1_048_576;

interface Sent {
  readonly MessageBody: string;
  readonly MessageAttributes?: MessageAttributes | null | undefined;
  readonly DelaySeconds?: number | undefined;
}

const checkSize = (messages: readonly Sent[]) => {
  const sizes = messages.map((one) =>
    sizeOf({ body: one.MessageBody, attributes: one.MessageAttributes ?? {} }),
  );
  if (sizes.reduce((sum, size) => sum + size, 0) <= mostBytes) return;
  if (messages.length > 1) {
    const code = "BatchRequestTooLong";
    throw new ServiceError(
      code,
      `All messages together are over ${mostBytes} bytes.`,
      `AWS.SimpleQueueService.${code}`,
    );
  }
  throw new ServiceError(
    "InvalidParameterValueException",
    `A message must be shorter than ${mostBytes} bytes.`,
    "InvalidParameterValue",
  );
};

const sendOne = (queue: Queue, { MessageBody: body, MessageAttributes, DelaySeconds }: Sent) => {
  const attributes = MessageAttributes ?? {};
  const delay = DelaySeconds === undefined ? {} : { delay: DelaySeconds * 1000 };
  const { id } = queue.send({ body, attributes, ...delay });
  return {
    MessageId: id,
    MD5OfMessageBody: digestOfBody(body),
    MD5OfMessageAttributes: digestOfAttributes(attributes),
  };
};

const removeBatch = (queue: Queue, entries: readonly { Id: string; ReceiptHandle: string }[]) => {
  const done = entries.map(({ Id, ReceiptHandle }) => ({ Id, removed: queue.remove(ReceiptHandle) }));
  const [Code, Message] = badReceipt;
  return {
    Successful: done.filter(({ removed }) => removed).map(({ Id }) => ({ Id })),
    Failed: done
      .filter(({ removed }) => !removed)
      .map(({ Id }) => ({ Id, Code, Message, SenderFault: true })),
  };
};

const attributesOf = ({ definition, counts }: Queue): Record<string, string> => {
  const { visible, inFlight, delayed } = counts();
  const { redrive } = definition;
  return {
    QueueArn: definition.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(definition.visibility / 1000),
    MessageRetentionPeriod: String(definition.retention / 1000),
    DelaySeconds: String(definition.delay / 1000),
    ...(redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: redrive.deadLetterArn,
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  };
};
