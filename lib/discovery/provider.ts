import type { SdConfig } from "../config/configuration.ts";
import type { FollowMode } from "../config/settings.ts";

/** A discoverer with its configuration; jobs with an equal configuration share one (spec §1.3). */
export interface Provider {
  /** `<mechanism>/<12 hex>`, stable across processes, telling nothing of secrets (design §3.2). */
  readonly id: string;
  readonly config: SdConfig;
  /** What is looked at together under one lease: an API server, or this provider alone. */
  readonly cluster: string;
  /** The name the settings give the cluster; its targets then carry `__meta_rollcall_cluster`. */
  readonly clusterName?: string;
  /** The jobs that use it, in the configuration's order. */
  readonly jobs: readonly string[];
  /** Milliseconds between looks. */
  readonly every: number;
  /** Who sees to it; the same for all providers of one cluster. */
  readonly follow: FollowMode;
}
