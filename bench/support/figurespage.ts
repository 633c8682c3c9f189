import { isMet, keyOf } from "./figure.ts";
import type { Gaps } from "./gaps.ts";
import { machineLine } from "./machine.ts";
import { markdownTable } from "./markdown.ts";
import { commitsOf } from "./readmefigures.ts";
import { rowsOf } from "./report.ts";
import type { Result } from "./result.ts";

/** `docs/figures.md`: every figure of every bench, with its chart, and what it was taken on. */
export const figuresPage = (results: readonly Result[], gaps: Gaps): string =>
  `${opening}${results.length === 0 ? "" : `\n${commitsOf(results)}\n`}${results.map((result) => section(result, gaps[result.bench] ?? {})).join("")}`;

const opening = `# Figures

What \`npm run bench\` gave, made by \`npx node bench/readme.ts\` from \`bench/results/\`. *Ratio*: Rollcall's by the better peer's, or by the floor, which is what the machine
itself allows in the same run. Where a target is missed, why stands below the table.
`;

const section = (result: Result, reasons: Gaps[string]): string => {
  const { bench, says, commit, date, load, figures } = result;
  const missed = figures.filter((figure) => isMet(figure) === false);
  const why = missed.map(
    (figure) => `- *${keyOf(figure)}*: ${reasons?.[keyOf(figure)] ?? "no reason given"}\n`,
  );
  return `
## ${bench}

${says} \`npm run bench -- ${bench}\`

${machineLine(result.machine)}; ${commit}, ${date}, load before ${load}

![figures of ${bench}, which the table below has as numbers](bench/${bench}.svg)

${markdownTable(rowsOf(figures))}${why.length === 0 ? "" : `\n${why.join("")}`}`;
};
