import { AsyncLocalStorage } from "node:async_hooks";

/** Who is at work: what every line of the log carries, so that one query follows a change through all functions. */
export interface Invocation {
  /** The function's name in serverless.yml. */
  readonly functionName: string;
  readonly requestId: string;
  /** The request id of the invocation that set this one off; its own where nobody did. */
  correlationId: string;
}

/** Runs the work with all that it calls and waits for; several run side by side in the local run. */
export const invoked = <Result>(invocation: Invocation, work: () => Result): Result =>
  current.run(invocation, work);

/** Undefined outside of an invocation: while a function is loaded, and in unit tests. */
export const currentInvocation = (): Invocation | undefined => current.getStore();

/** For the events that this invocation puts on the bus. */
export const currentCorrelation = (): string | undefined => current.getStore()?.correlationId;

/** From now on this invocation works on behalf of another, as the event that started it says. */
export const correlate = (correlationId: string | undefined): void => {
  const invocation = current.getStore();
  if (invocation !== undefined && correlationId !== undefined) invocation.correlationId = correlationId;
};

const current = new AsyncLocalStorage<Invocation>();
