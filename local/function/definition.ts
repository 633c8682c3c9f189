/** A function of the template. Times are milliseconds. */
export interface FunctionDefinition {
  /** Its key in the template, such as `tick`. */
  readonly name: string;
  /** Its deployed name, such as `rollcall-dev-tick`. */
  readonly fullName: string;
  readonly arn: string;
  /** `functions/tick.handler`: a file without its ending, and the export. */
  readonly handler: string;
  readonly timeout: number;
  /** Megabytes. */
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Of asynchronous invocations. */
  readonly maximumAttempts: number;
  readonly maximumAge: number;
  /** The queue that is told of each event which came to nothing; absent: nobody. */
  readonly onFailureArn?: string;
  /** Whether a route of the template wants its answer as a stream. */
  readonly streamed: boolean;
}

/** What Lambda uses for asynchronous invocations where the template says nothing: two retries within six hours. */
export const defaultAsync = { maximumAttempts: 2, maximumAge: 21_600_000 };
