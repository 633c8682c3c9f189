import assert from "node:assert/strict";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { createClient } from "../../../lib/deadletter/sqs.ts";
import { eventually } from "../eventually.ts";
import { credentialsIn } from "./busman.ts";
import { type Poison, poisonsOf } from "./poison.ts";

/** A message that came to rest: in the dead letters, or among the orders that nobody carried out. */
export interface Letter {
  readonly queue: "dead letters" | "failed orders";
  readonly body: string;
  /** What its sender says of it. */
  readonly reason: string;
  /** Unix milliseconds. */
  readonly at: number;
}

export interface Letters {
  /**
   * Puts one message of each kind that can never be applied into the reducer's queue, and waits until each is a dead letter
   * with its reason; returns how many.
   */
  poison(sample: string): Promise<number>;
  /** What was sent and must be there. */
  readonly sent: readonly Poison[];
  /** Takes every letter out. */
  drain(): Promise<Letter[]>;
}

export const createLetters = (environment: () => Promise<Readonly<Record<string, string>>>): Letters => {
  const sent: Poison[] = [];
  return {
    sent,
    poison: async (sample) => {
      const sqs = await openQueues(await environment());
      const before = await sqs.count("dead letters");
      const poisons = poisonsOf(sample, sent.length);
      for (const { body } of poisons) await sqs.send(body);
      sent.push(...poisons);
      await eventually("what can never be applied is a dead letter (promise 6)", 30, async () =>
        assert.equal((await sqs.count("dead letters")) - before, poisons.length),
      );
      sqs.close();
      return poisons.length;
    },
    drain: async () => {
      const sqs = await openQueues(await environment());
      const letters = [...(await sqs.drain("dead letters")), ...(await sqs.drain("failed orders"))];
      sqs.close();
      return letters;
    },
  };
};

const names = { "dead letters": "DeadLetters", "failed orders": "FailedOrders", changes: "Changes" };
type Queue = keyof typeof names;

const openQueues = async (environment: Readonly<Record<string, string>>) => {
  const client = createClient({
    endpoint: environment.AWS_ENDPOINT_URL ?? "",
    region: environment.AWS_REGION ?? "",
    credentials: credentialsIn(environment),
  });
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({}));
  const urlOf = (queue: Queue) => {
    const url = QueueUrls.find((one) => one.toLowerCase().includes(names[queue].toLowerCase()));
    assert.ok(url, `no queue ${names[queue]} among ${QueueUrls}`);
    return url;
  };
  return {
    send: (body: string) =>
      client.send(new SendMessageCommand({ QueueUrl: urlOf("changes"), MessageBody: body })),
    count: async (queue: Queue) => {
      const asked = { QueueUrl: urlOf(queue), AttributeNames: counts };
      const { Attributes = {} } = await client.send(new GetQueueAttributesCommand(asked));
      return counts.reduce((sum, name) => sum + Number(Attributes[name]), 0);
    },
    drain: (queue: Letter["queue"]) => drain(client, urlOf(queue), queue),
    close: () => client.destroy(),
  };
};

const counts = ["ApproximateNumberOfMessages" as const, "ApproximateNumberOfMessagesNotVisible" as const];

const drain = async (client: SQSClient, QueueUrl: string, queue: Letter["queue"]): Promise<Letter[]> => {
  const letters: Letter[] = [];
  for (;;) {
    const asked = {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
      VisibilityTimeout: 600,
    };
    const all = { ...asked, MessageSystemAttributeNames: ["All" as const] };
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(all));
    if (Messages.length === 0) return letters;
    for (const message of Messages) {
      letters.push(letterOf(message, queue));
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    }
  }
};

const letterOf = (message: Message, queue: Letter["queue"]): Letter => {
  const body = message.Body ?? "";
  const own =
    message.MessageAttributes?.reason?.StringValue ?? message.MessageAttributes?.ERROR_MESSAGE?.StringValue;
  const reason = own ?? failureIn(body) ?? "";
  return { queue, body, reason, at: Number(message.Attributes?.SentTimestamp) };
};

/** Lambda's record of an invocation that came to nothing. */
const record = z.object({ responsePayload: z.object({ errorMessage: z.string() }) });

const failureIn = (body: string): string | undefined => {
  try {
    return record.parse(JSON.parse(body)).responsePayload.errorMessage;
  } catch {
    return undefined;
  }
};
