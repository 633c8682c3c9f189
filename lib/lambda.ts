import middy from "@middy/core";
import { executionModeStreamifyResponse } from "@middy/core/StreamifyResponse";
import { RefusedError, reasonOf, TransientError } from "./errors.ts";
import { type Invocation, invoked } from "./invocation.ts";
import type { Log } from "./log.ts";
import type { Meter } from "./meter.ts";

/** What Lambda tells an invocation about itself; the part that Rollcall uses. */
export interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type Work<Answer> = (event: unknown, context: LambdaContext) => Promise<Answer>;

/** What a function tells those who run it. */
export interface Observers {
  readonly log: Log;
  readonly meter: Meter;
}

/**
 * The middy stack that every function stands in. What `work` throws is logged once, with its class, and thrown on; what was
 * measured goes out at the end of each invocation.
 */
export const lambda = <Answer>(name: string, work: Work<Answer>, observers: Observers) => {
  const { hooks, handler, requestEnd } = observed(name, work, observers);
  return middy<unknown, Answer, Error, LambdaContext>({ requestEnd }).use(hooks).handler(handler);
};

/** The same for a function whose answer is streamed; Lambda's runtime (or the local run) provides `awslambda`. */
export const streamedLambda = <Answer>(name: string, work: Work<Answer>, observers: Observers) => {
  const { hooks, handler, requestEnd } = observed(name, work, observers);
  const executionMode = executionModeStreamifyResponse;
  return (
    middy<unknown, Answer, Error, LambdaContext>({ executionMode, requestEnd })
      .use(hooks)
      // Where there is nothing to be streamed, middy does not come to the request's end.
      .onError(requestEnd)
      .handler(handler)
  );
};

const observed = <Answer>(functionName: string, work: Work<Answer>, { log, meter }: Observers) => {
  const invocations = new WeakMap<LambdaContext, Invocation>();
  // One object for work and hooks, since the work may learn on whose behalf it runs.
  const within = <Result>(context: LambdaContext, run: () => Result): Result => {
    const requestId = context.awsRequestId;
    const known = invocations.get(context) ?? { functionName, requestId, correlationId: requestId };
    invocations.set(context, known);
    return invoked(known, run);
  };
  const hooks: middy.MiddlewareObj<unknown, Answer, Error, LambdaContext> = {
    after: ({ context }) => within(context, () => log.debug("done")),
    onError: ({ context, error }) =>
      within(context, () => log.error(reasonOf(error), { class: classOf(error) })),
  };
  const handler = (event: unknown, context: LambdaContext) => within(context, () => work(event, context));
  // What is streamed is sent by then.
  return { hooks, handler, requestEnd: () => meter.flush() };
};

const classOf = (error: unknown) => {
  if (error instanceof TransientError) return "transient";
  return error instanceof RefusedError ? "refused" : "permanent";
};
