import assert from "node:assert/strict";
import type { Agreed } from "../judge.ts";

/** What an agreed state must have beside being agreed; throws until it has. */
type Check = (agreed: Agreed) => void;

/** These texts are somewhere in the targets of a job. */
export const shows =
  (job: string, ...texts: readonly string[]): Check =>
  ({ targets }) => {
    const found = JSON.stringify(targets.get(job));
    for (const text of texts) assert.ok(found.includes(text), `job ${job} does not show ${text} yet`);
  };

/** These texts are nowhere in the targets of a job. */
export const hides =
  (job: string, ...texts: readonly string[]): Check =>
  ({ targets }) => {
    const found = JSON.stringify(targets.get(job));
    for (const text of texts) assert.ok(!found.includes(text), `job ${job} still shows ${text}`);
  };

export const all =
  (...checks: readonly Check[]): Check =>
  (agreed) => {
    for (const check of checks) check(agreed);
  };
