// Written by `npm run schemas`; the JSON Schemas beside it say more: bounds, patterns, formats.

/**
 * a look is due for one cluster; Rollcall's own
 */
export interface DiscoveryDue {
  schema: 1;
  /**
   * the cluster to look at
   */
  cluster: string;
  /**
   * the request id of the invocation that set this off, as it stands in the logs
   */
  correlationId?: string;
}

/**
 * clusters that are to be followed have nobody who follows them; Rollcall's own
 */
export interface RelayDue {
  schema: 1;
  /**
   * the cluster to follow
   */
  cluster: string;
  /**
   * more clusters, small ones, that the same invocation follows; each under its own lease
   *
   * @maxItems 100
   */
  alongside?: string[];
  /**
   * the request id of the invocation that set this off, as it stands in the logs
   */
  correlationId?: string;
}

/**
 * one source of one provider changed or vanished
 */
export interface TargetGroupChangedFields {
  schema: 1;
  provider: string;
  cluster: string;
  /**
   * the jobs that the provider serves
   */
  jobs: string[];
  change: "updated" | "removed";
  version: {
    epoch: number;
    sequence: number;
  };
  /**
   * SHA-256 of the group's canonical JSON
   */
  hash: string;
  /**
   * when the look or watch saw it
   */
  observedAt: string;
  /**
   * the request id of the invocation that set this off, as it stands in the logs
   */
  correlationId?: string;
  /**
   * the whole group as it now is
   */
  group?: {
    /**
     * the group's unique name inside its provider
     */
    source: string;
    /**
     * labels shared by all targets
     */
    labels: {
      [k: string]: string;
    };
    /**
     * each target's own labels, __address__ among them; empty when removed
     */
    targets: {
      [k: string]: string;
    }[];
  };
  /**
   * stands for a group over 60 kB, which travels by claim check
   */
  claim?: {
    source: string;
    /**
     * names the group's JSON in the table, kept 48 hours
     */
    key: string;
    bytes: number;
    /**
     * path below the door's URL, readable with a token for one of the jobs
     */
    href: string;
  };
}

export type TargetGroupChanged = ExactlyOne<TargetGroupChangedFields, "group" | "claim">;

/**
 * a provider began to fail, or recovered
 */
export interface ProviderStatusChanged {
  schema: 1;
  provider: string;
  cluster: string;
  /**
   * the jobs that the provider serves
   */
  jobs: string[];
  /**
   * the health before the look; never: the first one
   */
  from: "ok" | "stale" | "failing" | "never";
  /**
   * the health after it
   */
  to: "ok" | "failing";
  /**
   * when the look ended
   */
  at: string;
  /**
   * what went wrong; empty after a full success
   */
  lastError: string;
  /**
   * target groups that are served
   */
  sources: number;
  /**
   * targets that are served
   */
  targets: number;
}

/**
 * a list would remove too much of a provider at once; its removals wait
 */
export interface GuardTripped {
  schema: 1;
  provider: string;
  cluster: string;
  /**
   * the jobs that the provider serves
   */
  jobs: string[];
  /**
   * when the look began; one that begins an interval later lets go
   */
  since: string;
  /**
   * vanished sources that are served until then, and their targets
   */
  held: {
    sources: number;
    targets: number;
  };
  /**
   * targets the list would take away, those of sources that only shrank among them
   */
  lost: number;
  /**
   * targets of the provider before the look
   */
  targets: number;
  /**
   * the guard trips above both: this share of the targets, and this many
   */
  limits: {
    maxRemoved: number;
    minRemoved: number;
  };
}

/**
 * cluster metrics of one window were collected; the batch itself is in the stores of the other sinks
 */
export interface MetricsBatchReady {
  schema: 1;
  cluster: string;
  /**
   * end of the window; cluster and timestamp are the batch's key
   */
  timestamp: string;
  /**
   * metric sets by their type: cluster, node, sys_container, ns, pod, pod_container
   */
  sets: {
    [k: string]: number;
  };
  /**
   * the cluster's sums by metric, in Heapster's units: cpu in thousandths of a core, memory in bytes
   */
  totals: {
    [k: string]: number;
  };
}

type ExactlyOne<Fields, Names extends keyof Fields> = Omit<Fields, Names> &
  { [Name in Names]: Required<Pick<Fields, Name>> & { [Other in Exclude<Names, Name>]?: never } }[Names];

/** EventBridge's own fields. Its `id` is another one each time that an event is put: the key of a change is its version. */
export interface RollcallEnvelope<DetailType extends string, Detail> {
  version: "0";
  id: string;
  "detail-type": DetailType;
  source: "rollcall.discovery";
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Detail;
}

export type DiscoveryDueEvent = RollcallEnvelope<"Discovery Due", DiscoveryDue>;
export type RelayDueEvent = RollcallEnvelope<"Relay Due", RelayDue>;
export type TargetGroupChangedEvent = RollcallEnvelope<"Target Group Changed", TargetGroupChanged>;
export type ProviderStatusChangedEvent = RollcallEnvelope<"Provider Status Changed", ProviderStatusChanged>;
export type GuardTrippedEvent = RollcallEnvelope<"Guard Tripped", GuardTripped>;
export type MetricsBatchReadyEvent = RollcallEnvelope<"Metrics Batch Ready", MetricsBatchReady>;

/** Told apart by `detail-type`. */
export type RollcallEvent =
  | DiscoveryDueEvent
  | RelayDueEvent
  | TargetGroupChangedEvent
  | ProviderStatusChangedEvent
  | GuardTrippedEvent
  | MetricsBatchReadyEvent;
