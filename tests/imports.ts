import { cruise } from "dependency-cruiser";
import { importRules } from "./import-rules.ts";

/** What the import rules have against the given folders; throws when nothing was read, since silence would then mean nothing. */
export const importViolations = async (folders: string[], baseDir = process.cwd()): Promise<string[]> => {
  const answer = await cruise(
    folders,
    {
      ruleSet: importRules,
      validate: true,
      baseDir,
      doNotFollow: { path: "node_modules" },
      tsPreCompilationDeps: true,
      enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
    },
    {},
  );
  if (typeof answer.output === "string") throw new Error("dependency-cruiser answered with text");
  const { summary } = answer.output;
  if (summary.totalCruised === 0) throw new Error(`no module was read in ${folders.join(", ")}`);
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
};

if (import.meta.main) {
  const found = await importViolations(["lib", "functions", "local", "cli", "page", "docs"]);
  for (const line of found) process.stderr.write(`${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
