/** Which announcement of a source holds: the later epoch, then the later sequence within it. */
export interface Version {
  readonly epoch: number;
  readonly sequence: number;
}

export interface Group {
  readonly source: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly targets: readonly Readonly<Record<string, string>>[];
}

/** One source of one provider, as an event or a listing tells it. No targets: it is gone. */
export interface Told {
  readonly provider: string;
  readonly version: Version;
  readonly group: Group;
}

/** The newest group of every source, whatever the order in which it was told. Times are Unix milliseconds. */
export const createState = (clock: () => number) => {
  const held = new Map<string, Held>();
  return {
    /** Takes what is newer than what is held; anything else is old news. */
    offer(told: Told): "taken" | "old" {
      const before = held.get(keyOf(told));
      if (before !== undefined && !isLater(told.version, before.told.version)) return "old";
      held.set(keyOf(told), { told, at: clock() });
      return "taken";
    },
    /**
     * A whole listing repairs what was missed: what it does not have is gone, unless we heard of it so lately that the listing
     * may not have had it yet. Removed sources are forgotten after 48 hours, when no event about them can come any more.
     */
    repair(listing: readonly Told[], begun: number): void {
      for (const told of listing) this.offer(told);
      const listed = new Set(listing.map(keyOf));
      for (const [key, { told, at }] of held) {
        if (told.group.targets.length === 0) {
          if (at < begun - forgotten) held.delete(key);
        } else if (!listed.has(key) && at < begun - settled) {
          // Its version stays: what is older must not bring it back.
          held.set(key, { told: { ...told, group: { ...told.group, targets: [] } }, at: begun });
        }
      }
    },
    /** What there is to scrape, by provider and source. */
    groups: (): Told[] =>
      [...held]
        .filter(([, { told }]) => told.group.targets.length > 0)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { told }]) => told),
  };
};

export type State = ReturnType<typeof createState>;

interface Held {
  readonly told: Told;
  readonly at: number;
}

const settled = 300_000;
const forgotten = 48 * 3_600_000;

const keyOf = ({ provider, group }: Told) => JSON.stringify([provider, group.source]);

const isLater = (a: Version, b: Version) =>
  a.epoch > b.epoch || (a.epoch === b.epoch && a.sequence > b.sequence);
