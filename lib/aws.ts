import { reasonOf, TransientError } from "./errors.ts";

/**
 * What every AWS client of ours is made with: a connection kept alive, and every attempt bounded, since the SDK's
 * own default waits for ever. Waiting for one of the sockets counts as part of an attempt.
 */
export const clientDefaults = {
  maxAttempts: 3,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    socketTimeout: 5_000,
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive: true, maxSockets: 64 },
    httpsAgent: { keepAlive: true, maxSockets: 64 },
  },
};

interface Stack {
  add(middleware: ReturnType<typeof classifyFailures>, options: { step: "initialize"; name: string }): void;
  remove(name: string): boolean;
}

/**
 * What stands around every request of a client: failures get their class. The SDK's own logger goes, since without a log
 * to write it still copies every request and answer to hide what is sensitive, a tenth of a reducer's time; and so does the header
 * that names the SDK, which is put together anew for each request, a twelfth of it.
 */
export const equip = (stack: Stack, service: string): void => {
  stack.remove("loggerMiddleware");
  stack.remove("getUserAgentMiddleware");
  stack.add(classifyFailures(service), { step: "initialize", name: "classifyFailures" });
};

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
