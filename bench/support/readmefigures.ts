import { type Figure, isMet, keyOf } from "./figure.ts";
import type { Gaps } from "./gaps.ts";
import { machineLine } from "./machine.ts";
import { markdownTable } from "./markdown.ts";
import type { Result } from "./result.ts";
import { shown } from "./shown.ts";

/**
 * What the README shows of a bench, by figure's name and workload; of one that is not here, what has a target. Whatever misses its
 * target is shown besides, with the reason; everything else is in `docs/figures.md`.
 */
export const chosen: Readonly<Record<string, readonly RegExp[]>> = {
  pods: [
    /^first discovery.*, (1|5)0,000 pods$/,
    /^change until served, .*, (1|5)0,000 pods/,
    /^discovering process: (CPU|peak memory, 500).*, 50,000 pods$/,
    /^(first discovery|change until served, 99th|discovering process|API server|events|write requests).*, power/,
  ],
  scrapers: [/^(watches|bytes it sends for|connections|requests).*, (1|50) scrapers?$/],
  watches: [/^(watches|bytes it sends for)/],
  clusters: [/^(first|change until served|CPU|peak)/],
  churn: [/^change.*(99th|seen)/, /^growth/],
  relabel: [/^ten rules/],
  sd: [
    /^(first byte|whole list), (cold|warm), \/sd\/JOB(\?relabel=true)?$/,
    /^first byte, unchanged \(304\), \/sd\/JOB(\?relabel=true)?$/,
    /^all are answered/,
  ],
  explain: [/median$/],
  newcomer: [/^cloned$/, /until every list has targets$/],
  page: [/./],
  collect: [/^(a cycle|peak memory)/],
  adapter: [/^(a metric by|an autoscaler's).*(median|99th)/],
  fleet: [/^(events per|write units per|price).*relays$/],
};

/** The README's part; undefined without results. */
export const readmeFigures = (results: readonly Result[], gaps: Gaps): string | undefined => {
  const parts = results.flatMap((result) => partOf(result, gaps[result.bench] ?? {}) ?? []);
  return parts.length === 0 ? undefined : [takenOn(results), ...parts].join("\n");
};

const partOf = ({ bench, says, figures }: Result, reasons: Gaps[string]): string | undefined => {
  const isChosen = (figure: Figure) =>
    chosen[bench]?.some((pattern) => pattern.test(keyOf(figure))) ?? figure.target !== undefined;
  const rows = figures
    .filter((figure) => isMet(figure) === false || isChosen(figure))
    .map((figure) => rowOf(figure, reasons));
  if (rows.length === 0) return undefined;
  return `\`npm run bench -- ${bench}\`: ${says}\n\n${markdownTable(filled([head, ...rows]))}`;
};

const head = ["", "Rollcall", "Prometheus 3.5", "vmagent", "target"];

const rowOf = (figure: Figure, reasons: Gaps[string]): string[] => {
  const cell = (value: number | undefined) => (value === undefined ? "" : shown(value, figure.unit));
  return [
    ...[keyOf(figure), cell(figure.ours), cell(figure.prometheus), cell(figure.vmagent)],
    [targetOf(figure, reasons), floorOf(figure)].filter((text) => text !== "").join("; "),
  ];
};

const targetOf = (figure: Figure, reasons: Gaps[string]): string => {
  const { target } = figure;
  if (target === undefined) return "";
  return isMet(figure)
    ? `${target.says}: met`
    : `${target.says}: **missed**, ${reasons?.[keyOf(figure)] ?? "no reason given"}`;
};

const floorOf = ({ floor, unit }: Figure): string =>
  floor === undefined ? "" : `the floor of the same run is ${shown(floor, unit)}`;

/** Without columns in which nothing stands. */
const filled = (rows: readonly (readonly string[])[]): string[][] => {
  const used = head.map((_, column) => column === 0 || rows.slice(1).some((row) => row[column] !== ""));
  return rows.map((row) => row.filter((_, column) => used[column]));
};

/** What results came from, in a line for each machine, and which commit each is of. */
const takenOn = (results: readonly Result[]): string => {
  const machines = Map.groupBy(results, (result) => machineLine(result.machine));
  const lines = [...machines].map(([machine, of]) => {
    const dates = of.map(({ date }) => date).sort();
    const [first, last] = [dates[0], dates.at(-1)];
    return `${machine}; ${first === last ? first : `${first} to ${last}`}.`;
  });
  return `\`npm run bench\` measured this, peers in the same run and on the same work: ${lines.join("\n")} ${commitsOf(results)} \`docs/figures.md\` has all figures, with charts.\n`;
};

/** In a sentence; of several commits with the benches of each. */
export const commitsOf = (results: readonly Pick<Result, "bench" | "commit">[]): string => {
  const commits = [...Map.groupBy(results, ({ commit }) => commit)];
  const [only] = commits;
  const changed = commits.some(([commit]) => commit.endsWith("+"))
    ? ", with a plus where files differed from it"
    : "";
  if (only !== undefined && commits.length === 1) return `All are of commit ${only[0]}${changed}.`;
  const each = commits.map(([commit, of]) => `${of.map(({ bench }) => bench).join(", ")} of ${commit}`);
  return `Not all are of one commit: ${each.join("; ")}${changed}.`;
};
