import { readRecords } from "./change.ts";
import { deliver } from "./deliver.ts";
import { readSettings, type Settings } from "./settings.ts";

/** What one message came to: nothing, or the line that says why it was not delivered. */
type Told = (line: Readonly<Record<string, unknown>>) => void;

/**
 * A Lambda function that hands each changed target group on to a webhook, signed. SQS feeds it (batches, partial
 * failures): what the webhook did not take stays in the queue, comes again after the visibility timeout, and ends in the
 * dead-letter queue. So the webhook hears of a change at least once, and in any order.
 */
export const createHandler =
  (given: { settings: Settings; clock: () => number; tell: Told }) =>
  async (event: unknown): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> => {
    const outcomes = await Promise.all(
      readRecords(event).map(async ({ messageId, body }) => {
        try {
          await deliver(body, given);
          return [];
        } catch (error) {
          given.tell({ level: "error", message: "not delivered", messageId, reason: reasonOf(error) });
          return [{ itemIdentifier: messageId }];
        }
      }),
    );
    return { batchItemFailures: outcomes.flat() };
  };

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What Lambda calls. The settings are read at its first call; a bad one fails the batch with its name. */
export const handler = (event: unknown) => {
  run ??= createHandler({
    settings: readSettings(process.env),
    clock: Date.now,
    tell: (line) => void process.stdout.write(`${JSON.stringify(line)}\n`),
  });
  return run(event);
};

let run: ReturnType<typeof createHandler> | undefined;
