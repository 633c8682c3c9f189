import * as z from "zod";

const labels = z.record(z.string(), z.string());

const activeTarget = z.object({
  discoveredLabels: labels,
  labels,
  scrapePool: z.string(),
  scrapeUrl: z.string(),
  globalUrl: z.string(),
  lastError: z.string(),
  lastScrape: z.string(),
  lastScrapeDuration: z.number(),
  health: z.enum(["up", "down", "unknown"]),
  scrapeInterval: z.string(),
  scrapeTimeout: z.string(),
});

/** What either side answers; neither may have a key more or less. */
const answer = z.strictObject({
  status: z.literal("success"),
  data: z.strictObject({
    activeTargets: z.array(activeTarget.strict()),
    droppedTargets: z.array(z.strictObject({ discoveredLabels: labels, scrapePool: z.string() })),
    droppedTargetCounts: z.record(z.string(), z.int()),
  }),
});

/** The targets of one job as a target API shows them. */
export interface ShownTargets {
  readonly active: readonly z.infer<typeof activeTarget>[];
  readonly dropped: readonly Readonly<Record<string, string>>[];
  readonly droppedCount: number;
}

/** Reads `/api/v1/targets`, ours or Prometheus's. Jobs without a pool are absent. */
export const readShown = async (url: string): Promise<ReadonlyMap<string, ShownTargets>> => {
  const response = await fetch(`${url}/api/v1/targets?state=any`, { signal: AbortSignal.timeout(20_000) });
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  const { activeTargets, droppedTargets, droppedTargetCounts } = answer.parse(await response.json()).data;
  return new Map(
    Object.entries(droppedTargetCounts).map(([job, droppedCount]) => [
      job,
      {
        active: activeTargets.filter(({ scrapePool }) => scrapePool === job),
        dropped: droppedTargets
          .filter(({ scrapePool }) => scrapePool === job)
          .map((one) => one.discoveredLabels),
        droppedCount,
      },
    ]),
  );
};
