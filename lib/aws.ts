import { GatedHandler } from "./awsgate.ts";
import { reasonOf, TransientError } from "./errors.ts";

/**
 * What every AWS client of ours is made with: connections kept alive, and every attempt bounded, since the SDK's own default waits for ever.
 * Each client has sockets and a gate of its own, so that none waits for a socket in an attempt's time.
 */
export const clientDefaults = {
  maxAttempts: 3,
  get requestHandler() {
    return new GatedHandler(64, {
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      socketTimeout: 5_000,
      throwOnRequestTimeout: true,
    });
  },
};

interface Stack {
  add(
    middleware: ReturnType<typeof classifyFailures> | typeof tellInOneLine,
    options: { step: "initialize"; name: string; priority?: "low" },
  ): void;
  add(middleware: typeof wholeAnswers, options: { step: "deserialize"; name: string; priority: "low" }): void;
  remove(name: string): boolean;
}

/**
 * What stands around every request of a client: failures get their class, and an answer of nothing is one. The SDK's own logger goes, since without a log
 * to write it still copies every request and answer to hide what is sensitive, a tenth of a reducer's time; and so does the header
 * that names the SDK, which is put together anew for each request, a twelfth of it.
 */
export const equip = (stack: Stack, service: string): void => {
  stack.remove("loggerMiddleware");
  stack.remove("getUserAgentMiddleware");
  stack.add(classifyFailures(service), { step: "initialize", name: "classifyFailures" });
  inOneLine(stack);
  // Before the SDK's own deserializer, which takes an empty body for an answer that says nothing.
  stack.add(wholeAnswers, { step: "deserialize", name: "wholeAnswers", priority: "low" });
};

/** Of an answer that it cannot read the SDK tells on several lines, and with the answer's own words; for every client of ours. */
export const inOneLine = (stack: Pick<Stack, "add">): void =>
  stack.add(tellInOneLine, { step: "initialize", name: "tellInOneLine", priority: "low" });

const tellInOneLine =
  <Arguments, Result>(next: (args: Arguments) => Promise<Result>) =>
  async (args: Arguments): Promise<Result> => {
    try {
      return await next(args);
    } catch (thrown) {
      // The error itself stays, since its name and status say what to do.
      if (thrown instanceof Error) thrown.message = lineOf(thrown);
      throw thrown;
    }
  };

const lineOf = ({ name, message }: Error): string =>
  name === "SyntaxError"
    ? "the answer is not what the service's protocol has"
    : message
        .replace(/\s*Deserialization error: to see the raw response.*$/s, "")
        .replace(/\s+/g, " ")
        .slice(0, longestLine);

const longestLine = 1_000;

/**
 * These services answer well with status 200 and a document, be it `{}`. Anything else of the 2xx comes from whatever stands in between, and
 * read as an answer it would be a table without items.
 */
const wholeAnswers =
  <Arguments, Result extends { readonly response: unknown }>(next: (args: Arguments) => Promise<Result>) =>
  async (args: Arguments): Promise<Result> => {
    const result = await next(args);
    const { statusCode, headers, body }: Answer = Object(result.response);
    const isError = statusCode === undefined || statusCode < 200 || statusCode > 299;
    if (isError || (statusCode === 200 && headers?.["content-length"] !== "0")) return result;
    // Nobody reads it: its connection, and its place at the gate, would be kept for good.
    body?.destroy();
    throw new Error(`status ${statusCode} without a document is no answer`);
  };

interface Answer {
  readonly statusCode?: number;
  readonly headers?: Record<string, string>;
  readonly body?: { destroy(): void };
}

/**
 * A middleware for the first step of a client's stack, so that it stands around the SDK's own retries: what is left
 * over is worth another try later (a throttle, a time-out, a service that is away, rights that an operator still has
 * to grant), unless the service calls the request itself wrong.
 */
const classifyFailures =
  (service: string) =>
  <Arguments, Result>(next: (args: Arguments) => Promise<Result>, context: { commandName?: string }) =>
  async (args: Arguments): Promise<Result> => {
    try {
      return await next(args);
    } catch (thrown) {
      if (isExpected(thrown)) throw thrown;
      const operation = context.commandName?.replace(/Command$/, "") ?? "request";
      const message = `${service} ${operation}: ${reasonOf(thrown)}`;
      throw isWrongRequest(thrown)
        ? new Error(message, { cause: thrown })
        : new TransientError(message, { cause: thrown });
    }
  };

/** A write condition that does not hold is an outcome; whoever stated it asks for it by name. */
const isExpected = (thrown: unknown) =>
  thrown instanceof Error && thrown.name === "ConditionalCheckFailedException";

const wrongRequests = new Set([
  "ValidationException",
  "SerializationException",
  "ItemCollectionSizeLimitExceededException",
  "InvalidMessageContents",
  "InvalidParameterValue",
]);

const isWrongRequest = (thrown: unknown) => thrown instanceof Error && wrongRequests.has(thrown.name);
