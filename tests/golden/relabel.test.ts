import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { publicLabels } from "../../lib/relabel/labels.ts";
import { scrapeUrl } from "../../lib/relabel/url.ts";
import { keptDropped, readScrapePool } from "../../lib/scrapepool/scrapepool.ts";
import { viewsOf } from "../fakes/views.ts";
import { defaultAddress, jobsOf, type RelabelCase, relabelCases, scrapeConfigOf } from "./relabel-cases.ts";

describe("relabelling gives what the specification says", () => {
  const cases = relabelCases();
  test("there are cases at all, each with a name of its own", () => {
    assert.ok(cases.length >= 80);
    assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length);
  });
  for (const one of cases) test(one.name, () => holds(one));
});

const holds = async (one: RelabelCase) => {
  const [{ job, groups }] = jobsOf([scrapeConfigOf(one)]) as [ReturnType<typeof jobsOf>[number]];
  const pool = await readScrapePool(job, viewsOf(groups));
  const { active, dropped, failed } = pool;
  assert.equal(dropped.length, one.dropped);
  assert.equal(keptDropped(job, pool).length, Math.min(one.dropped, job.keepDroppedTargets || one.dropped));
  assert.deepEqual(
    failed.map(({ outcome }) => outcome.state === "failed" && outcome.error),
    one.failed,
  );
  if (one.skip_expected !== undefined) return;
  const shown = active.map(({ labels }) => Object.fromEntries(publicLabels(labels)));
  assert.deepEqual(
    shown,
    one.active.map((labels) => complete(one, labels)),
  );
  if (one.urls === undefined) return;
  assert.deepEqual(
    active.map(({ labels }) => scrapeUrl(labels, job.params)),
    one.urls,
  );
};

/** With the labels that go without saying. */
const complete = ({ name }: RelabelCase, labels: RelabelCase["active"][number]) =>
  Object.fromEntries(
    Object.entries({ job: name, instance: defaultAddress, ...labels }).filter(([, value]) => value !== null),
  );
