/** Kubernetes's REST mapping, as far as an adapter needs it: what a word in a path, a label or a rule means (§B4). */
export interface Mapper {
  /**
   * A plural, a singular or a kind in lower case, in any case. The group is exact, else a prefix of one; without a group
   * the cluster's preference decides. Undefined when nothing fits.
   */
  resourceFor(resource: string, group?: string): Resource | undefined;
}

export interface Resource {
  /** "" for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A namespaced resource at v1 whose words are made of its kind the usual way, but for what differs. */
export const resourceOf = (group: string, kind: string, different: Partial<Resource> = {}): Resource => ({
  group,
  version: "v1",
  resource: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  ...different,
});
