import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { isMet, keyOf } from "./figure.ts";
import { kept, type Result } from "./result.ts";

/** Why a target is missed, and what was tried: by bench, then by figure. */
export type Gaps = z.infer<typeof gaps>;

const gaps = z.record(z.string(), z.record(z.string(), z.string().min(1)));

export const readGaps = (file = join(kept, "gaps.yml")): Gaps =>
  gaps.parse(parse(readFileSync(file, "utf8")) ?? {});

/** Targets that are missed with no reason given, and reasons for what is not missed: `bench: figure`. */
export const unexplained = (results: readonly Result[], given: Gaps) => {
  const missed = results.flatMap(({ bench, figures }) =>
    figures.filter((figure) => isMet(figure) === false).map((figure) => `${bench}: ${keyOf(figure)}`),
  );
  const reasons = Object.entries(given).flatMap(([bench, of]) =>
    Object.keys(of).map((key) => `${bench}: ${key}`),
  );
  return {
    missed: missed.filter((key) => !reasons.includes(key)),
    stale: reasons.filter((key) => !missed.includes(key)),
  };
};
