import { LogFormatter, Logger, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import { reasonOf } from "./errors.ts";
import { currentInvocation } from "./invocation.ts";

/** Says one thing that was decided, as one JSON line. Fields are facts for machines; no secret is ever one of them. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** A step of one change on its road: told in the cloud, and on one machine where debug asks for it. */
  trail(message: string, fields?: Fields): void;
}

export type Fields = Readonly<Record<string, unknown>>;
export const logLevels = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  /** Lines below it are left out. Lambda's own log level, where somebody set one, goes before. */
  readonly level: LogLevel;
  /** The stack's name. */
  readonly service?: string;
  readonly trail?: "info" | "debug";
  /** Gets each line without its end of line; Lambda and the local run take stderr. */
  readonly write?: (line: string) => void;
}

/**
 * Powertools' logger with its standard keys (`level`, `message`, `timestamp`, `service`, `function_request_id`,
 * `correlation_id`, `xray_trace_id`), as many of them as are worth their bytes. A Secret writes itself as `<secret>`.
 */
export const createLog = (options: LogOptions): Log => {
  const { level, service = "rollcall", trail = "info", write = toStderr } = options;
  const logger = new LineLogger(
    { logLevel: level, serviceName: service, logFormatter: new Formatter() },
    write,
  );
  const at =
    (one: LogLevel) =>
    (message: string, fields: Fields = {}) =>
      logger[one](message, fields);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), trail: at(trail) };
};

/** What a function's environment says of its log. */
export interface FunctionLogOptions {
  readonly logLevel: LogLevel;
  readonly serviceName: string;
  readonly where: "cloud" | "local";
}

/** The log of a deployed function. */
export const functionLog = ({ logLevel, serviceName, where }: FunctionLogOptions): Log =>
  createLog({ level: logLevel, service: serviceName, trail: where === "cloud" ? "info" : "debug" });

class LineLogger extends Logger {
  readonly #write: (line: string) => void;

  constructor(options: ConstructorParameters<typeof Logger>[0], write: (line: string) => void) {
    super(options);
    this.#write = write;
  }

  protected override printLog(_level: number, item: LogItem): void {
    item.prepareForPrint();
    this.#write(JSON.stringify(item.getAttributes(), this.getJsonReplacer()));
  }
}

class Formatter extends LogFormatter {
  override formatAttributes(given: UnformattedAttributes, fields: LogAttributes): LogItem {
    const invocation = currentInvocation();
    return new LogItem({
      attributes: {
        level: given.logLevel,
        message: given.message,
        timestamp: this.formatTimestamp(given.timestamp),
        service: given.serviceName,
        function: invocation?.functionName,
        function_request_id: invocation?.requestId,
        correlation_id: invocation?.correlationId,
        xray_trace_id: given.xRayTraceId,
        ...fields,
      },
    });
  }

  /** One line without a stack, in which no credential is repeated. */
  override formatError(error: Error): LogAttributes {
    return { name: error.name, message: reasonOf(error) };
  }
}

const toStderr = (line: string) => process.stderr.write(`${line}\n`);
