import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Labels, publicLabels } from "../../lib/relabel/labels.ts";
import { scrapeUrl } from "../../lib/relabel/url.ts";
import {
  discoveredLabels,
  keptDropped,
  type PoolTarget,
  readScrapePool,
  type ScrapePool,
} from "../../lib/scrapepool/scrapepool.ts";
import { viewsOf } from "../fakes/views.ts";
import { type JobWithGroups, jobsOf, relabelCases, scrapeConfigOf } from "../golden/relabel-cases.ts";
import { badSelectors, goodSelectors } from "../unit/relabel/selectors.ts";
import { type Folder, temporaryFolder } from "./folder.ts";
import { caseGroups, caseJob } from "./relabel-case-mapping.ts";
import { generatedJobs } from "./relabel-generated.ts";
import { type JudgedTargets, type RelabelJudge, startRelabelJudge } from "./relabel-judge.ts";

/**
 * A real Prometheus judges the scrape pools that we serve: it runs every golden case, some hundred made-up jobs, and the
 * case mapping of every code point that could have one; its target API has to show what we make of the same configuration.
 */
describe("Prometheus and our relabelling agree", () => {
  const golden = relabelCases().map(scrapeConfigOf);
  const generated = generatedJobs(400, 20260401);
  const ours = jobsOf([...golden, ...generated]);
  let judge: RelabelJudge;
  let folder: Folder;

  before(async () => {
    folder = temporaryFolder("case-mapping");
    const file = join(folder.path, "targets.json");
    writeFileSync(file, JSON.stringify(caseGroups.map(({ labels }) => ({ targets: ["a:1"], labels }))));
    judge = await startRelabelJudge([
      ...golden,
      ...generated,
      { ...caseJob, file_sd_configs: [{ files: [file] }] },
    ]);
  });
  after(async () => {
    await judge?.stop();
    folder.remove();
  });

  for (const one of ours.slice(0, golden.length)) {
    test(`on the golden case: ${one.job.name}`, async () => {
      await agree(one, judge.targets.get(one.job.name));
    });
  }

  test(`on ${generated.length} made-up jobs, of which many keep, drop and refuse targets`, async () => {
    const count = { active: 0, dropped: 0, failed: 0 };
    for (const one of ours.slice(golden.length)) {
      const { active, dropped, failed } = await agree(one, judge.targets.get(one.job.name));
      count.active += active.length;
      count.dropped += dropped.length;
      count.failed += failed.length;
    }
    assert.ok(Math.min(count.active, count.dropped, count.failed) > 100, JSON.stringify(count));
  });

  test("on the case mapping of every code point", async () => {
    const [one] = jobsOf([caseJob]) as [JobWithGroups];
    const { active } = await readScrapePool(one.job, viewsOf(caseGroups));
    const theirs = judge.targets.get(caseJob.job_name)?.active.map(({ labels }) => labels) ?? [];
    assert.equal(theirs.length, caseGroups.length);
    const wrong = active.flatMap(({ labels }) => {
      const judgedLabels = theirs.find(({ portion }) => portion === labels.get("portion"));
      return ["lower", "upper"].flatMap((name) => wrongIn(name, labels, judgedLabels));
    });
    assert.deepEqual(wrong, []);
  });

  test("on selectors of labels", async () => {
    for (const [text, conditions] of goodSelectors) {
      const theirs = await judge.conditions(text);
      if (theirs?.length !== 0) assert.deepEqual(theirs, conditions, text);
    }
    for (const text of badSelectors) assert.equal(await judge.conditions(text), undefined, text);
  });
});

/** Each code point that was mapped otherwise. */
const wrongIn = (name: string, ours: Labels, theirs: Readonly<Record<string, string>> | undefined) => {
  const judged = [...(theirs?.[name] ?? "")];
  const text = [...(ours.get("text") ?? "")];
  return [...(ours.get(name) ?? "")].flatMap((character, index) =>
    character === judged[index]
      ? []
      : [
          `${name} of U+${text[index]?.codePointAt(0)?.toString(16)}: ours ${character}, theirs ${judged[index]}`,
        ],
  );
};

const agree = async (
  { job, groups }: JobWithGroups,
  judged: JudgedTargets | undefined,
): Promise<ScrapePool> => {
  assert.ok(judged, `Prometheus has no pool ${job.name}`);
  const ours = await readScrapePool(job, viewsOf(groups));
  // Which of several equal targets is shown depends on the order of groups, which Prometheus leaves to chance.
  const isChance = ours.active.some(({ count }) => count > 1);
  const active = ours.active.map(({ labels, origin }) => ({
    discoveredLabels: isChance ? {} : plainOf(discoveredLabels(job, origin)),
    labels: plainOf(publicLabels(labels)),
    scrapeUrl: scrapeUrl(labels, job.params),
    scrapeInterval: labels.get("__scrape_interval__"),
    scrapeTimeout: labels.get("__scrape_timeout__"),
  }));
  const theirs = judged.active.map(({ scrapePool: _pool, discoveredLabels, ...rest }) => ({
    discoveredLabels: isChance ? {} : discoveredLabels,
    ...rest,
  }));
  const dropped = keptDropped(job, ours).map((target) => plainOf(discoveredLabels(job, target)));
  const differences = [
    ...differing(active, theirs),
    ...differing(
      dropped,
      judged.dropped.map(({ discoveredLabels }) => discoveredLabels),
    ),
    ...differing([ours.dropped.length], [judged.droppedCount]),
    ...differing(ours.failed.map(logged), judged.failed),
  ];
  const rules = () => job.relabelConfigs.map((rule) => canonical({ ...rule, modulus: String(rule.modulus) }));
  assert.equal(differences.length, 0, [job.name, ...rules(), ...differences].join("\n"));
  return ours;
};

/** What Prometheus logs of a target that failed. */
const logged = ({ outcome, index, entry: { source } }: PoolTarget) =>
  outcome.state === "failed" && `instance ${index} in group ${source}: ${outcome.error}`;

/** As an object, without the labels that came with Prometheus 3.13; the judge is 3.5. */
const plainOf = (labels: Labels) =>
  Object.fromEntries(
    [...labels].filter(([name]) => !/_classic_histograms|scrape_native_histograms/.test(name)),
  );

const sorted = (values: readonly unknown[]) => values.map(canonical).sort();

const differing = (ours: readonly unknown[], theirs: readonly unknown[]): string[] => {
  const [mine, yours] = [sorted(ours), sorted(theirs)];
  if (mine.join() === yours.join()) return [];
  return [
    ...mine.filter((one) => !yours.includes(one)).map((one) => `only ours: ${one}`),
    ...yours.filter((one) => !mine.includes(one)).map((one) => `only theirs: ${one}`),
    `${mine.length} and ${yours.length} of them`,
  ];
};

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
