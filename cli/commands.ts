import type { Command } from "./command.ts";
import { adapter } from "./commands/adapter.ts";
import { changes } from "./commands/changes.ts";
import { check } from "./commands/check.ts";
import { compare } from "./commands/compare.ts";
import { completion } from "./commands/completion.ts";
import { cost } from "./commands/cost.ts";
import { diff } from "./commands/diff.ts";
import { explain } from "./commands/explain.ts";
import { fileSd } from "./commands/file-sd.ts";
import { rbac } from "./commands/rbac.ts";
import { rebuild } from "./commands/rebuild.ts";
import { scrapeConfig } from "./commands/scrape-config.ts";
import { targets } from "./commands/targets.ts";
import { up } from "./commands/up.ts";

/** In the order of the help. */
export const commands: readonly Command[] = [
  up,
  check,
  targets,
  explain,
  diff,
  changes,
  fileSd,
  compare,
  scrapeConfig,
  rbac,
  adapter,
  rebuild,
  cost,
  completion(() => commands),
];
