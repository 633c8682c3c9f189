import { statusOf } from "../answer.ts";

/**
 * How a watch comes to its end. `ended`: the server closed it, the connection broke or fell silent; that is every watch's
 * lot, and the next one goes on where it was. `expired`: the server has forgotten the version (410). `unreliable`: what the
 * server sent cannot be read, or the listener threw; what is in memory may lack something.
 */
export class Interruption extends Error {
  override name = "Interruption";
  readonly kind: "ended" | "expired" | "unreliable";

  constructor(kind: Interruption["kind"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** What the end of an attempt means for the next one. */
export interface Consequence {
  /** It is nothing to worry about, unless it goes on. */
  readonly quiet: boolean;
  /** The version is nothing to go on from: everything must be listed anew. */
  readonly relist: boolean;
  /** The server did not answer at all. */
  readonly away: boolean;
  /** The credentials were refused. */
  readonly unauthorized: boolean;
  readonly retryAfterMilliseconds: number | undefined;
}

/** `fresh`: the credentials were read for this very attempt, so that nothing better can be had if they are refused. */
export const consequenceOf = (error: unknown, fresh: boolean): Consequence => {
  const status = statusOf(error);
  const kind = error instanceof Interruption ? error.kind : undefined;
  const unauthorized = status?.code === 401;
  const expired = kind === "expired" || status?.code === 410;
  return {
    quiet: expired || kind === "ended" || (unauthorized && !fresh),
    relist: expired || kind === "unreliable" || isAboutVersion(status?.code),
    away: status === undefined && kind === undefined,
    unauthorized,
    retryAfterMilliseconds: status?.retryAfterMilliseconds,
  };
};

/** Neither who asks nor how busy the server is: then the version may be what it does not like. */
const isAboutVersion = (code: number | undefined) =>
  code !== undefined && ![401, 403, 429, 502, 503].includes(code);
