/** A Prometheus-compatible server, as far as an adapter asks it (§B3). Both reject with PrometheusFailure. */
export interface Prometheus {
  /** Series that a selector finds since `start`, Unix seconds. */
  series(selector: string, start: number): Promise<readonly Series[]>;
  /** An instant query at a time, Unix seconds. `signal` ends it before its own time. */
  query(promql: string, at: number, signal?: AbortSignal): Promise<Answer>;
}

export interface Series {
  /** Its `__name__`; "" when it has none. */
  readonly name: string;
  /** Without `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
}

export type Answer =
  | { readonly type: "vector" | "matrix"; readonly samples: readonly Sample[] }
  | { readonly type: "scalar"; readonly at: number; readonly value: number };

export interface Sample {
  /** With `__name__`, where the server sends it. */
  readonly labels: Readonly<Record<string, string>>;
  /** Unix seconds. */
  readonly at: number;
  /** NaN and infinities included. */
  readonly value: number;
}

/** The server is away, slow, or answered with an error or with something that is no answer. `message` is one line. */
export class PrometheusFailure extends Error {
  override name = "PrometheusFailure";
}
