import type { CustomMetric, CustomQuestion, ExternalQuestion } from "../registry/registry.ts";

/** Where an adapter's numbers come from: a Prometheus by its rules, or the model store of cluster metrics. A signal that is aborted ends what is asked of it. */
export interface Provider {
  /** What the discovery documents list now; empty lists before the first relist. Never rejects for a source that is away. */
  catalogue(): Promise<Catalogue>;
  /**
   * Values by object name; a name without a sample is absent, of several samples the last counts (§B6).
   * Rejects with UnknownMetric or Unbuildable (404), or SourceFailure (500).
   */
  custom(asked: CustomQuestion, signal?: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** Rejects with UnknownMetric (404), or Unbuildable and SourceFailure (500, §B7). */
  external(asked: ExternalQuestion, signal?: AbortSignal): Promise<readonly ExternalValue[]>;
  /** Of these pods those that have both cpu and memory (§B8), in any order. A namespace that fails is left out and logged. */
  pods(pods: readonly PodName[], signal?: AbortSignal): Promise<readonly PodUsage[]>;
  /** The same of nodes; [] when the source fails. */
  nodes(names: readonly string[], signal?: AbortSignal): Promise<readonly NodeUsage[]>;
}

export interface Catalogue {
  /** Sorted; undefined when the API is not served at all: no rules. */
  readonly custom: readonly CustomMetric[] | undefined;
  readonly external: readonly string[] | undefined;
  /** Whether metrics.k8s.io is served. */
  readonly resources: boolean;
}

export interface ExternalValue {
  /** Null for a scalar. */
  readonly labels: Readonly<Record<string, string>> | null;
  /** Unix seconds. */
  readonly at: number;
  /** NaN and infinities included: whoever shows it decides. */
  readonly value: number;
}

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** Cores and bytes; never NaN, infinite or negative. */
export interface Usage {
  readonly cpu: number;
  readonly memory: number;
}

interface Measured {
  /** Of the earliest sample, Unix seconds. */
  readonly at: number;
  /** Milliseconds that the rates are over. */
  readonly window: number;
}

export interface PodUsage extends PodName, Measured {
  /** Sorted by name. */
  readonly containers: readonly (Usage & { readonly name: string })[];
}

export interface NodeUsage extends Measured {
  readonly name: string;
  readonly usage: Usage;
}

/** The source could not be asked, or answered with what is no vector; `message` is one line for the log. */
export class SourceFailure extends Error {
  override name = "SourceFailure";
}
