/** What whoever asks may see and do (promise 8). */
export interface Access {
  /** For reader marks and logs: the token's name, or `loopback` where no tokens are configured. */
  readonly name: string;
  readonly readsJob: (job: string) => boolean;
  readonly readsCluster: (cluster: string) => boolean;
  /** Every job, those to come as well. */
  readonly readsEveryJob: boolean;
  /** Every cluster, those to come as well. */
  readonly readsEveryCluster: boolean;
  /** May change something: reload, let go what the guard holds. */
  readonly operates: boolean;
}

/** Without tokens, whoever was admitted sees and does everything. */
export const loopbackAccess: Access = {
  name: "loopback",
  readsJob: () => true,
  readsCluster: () => true,
  readsEveryJob: true,
  readsEveryCluster: true,
  operates: true,
};
