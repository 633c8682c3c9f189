import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import { withTable } from "./package-figures/budget.ts";
import {
  type Bundle,
  bundleFindings,
  hasKubernetesClient,
  loadedBy,
  shrunk,
} from "./package-figures/bundles.ts";
import { type Import, importOnce } from "./package-figures/imported.ts";
import { writeReference } from "./package-figures/reference.ts";

/**
 * `npm run package:figures`, after `npm run package`: the size of each function and how long its import takes in a new process.
 * Exits 1 when one has grown by more than a tenth beyond what is committed (package-figures/sizes.json), for the Kubernetes
 * client where no cluster is reached, and for an import that takes far too long. `-- --accept` commits to the sizes as they are.
 *
 * Sizes are exact, and the same everywhere; the time that an import takes is this machine's and this moment's. So what bounds a
 * cold start is bytes and modules, which are most of it (ADR 29). Time is judged only to see what no size shows, work done
 * while a module is loaded: as CPU time, beside a reference import each time (a busy machine slows both), the median of several,
 * and bounded so far off that only a function which does something else at its start comes near.
 */
const packed = resolve(import.meta.dirname, "../.serverless");
const page = resolve(import.meta.dirname, "../docs/cold-start.md");
const sizesFile = join(import.meta.dirname, "package-figures/sizes.json");
const runs = 7;
/** How many references an import may take: twice what the slowest takes, rounded down. */
const mostReferences = 2.5;
/** What a function must be told before it can be loaded; nothing is asked while it is. */
const environment = {
  ...{ TABLE_NAME: "table", BUS_NAME: "bus", CONFIG_FILE: "prometheus.yml", SETTINGS_FILE: "rollcall.yml" },
  ...{ DEAD_LETTER_URL: "http://127.0.0.1:9/queue", SERVICE_NAME: "rollcall", WHERE: "cloud" },
  ...{ AWS_REGION: "eu-central-1", AWS_LAMBDA_FUNCTION_NAME: "rollcall" },
};

interface Figures {
  readonly bundle: Bundle;
  /** Of its import's CPU time, in references. */
  readonly references: number;
}

const figuresOf = async (name: string, folder: string): Promise<Figures> => {
  const own = join(folder, name);
  const zip = join(packed, `${name}.zip`);
  execFileSync("unzip", ["-q", zip, "-d", own]);
  const file = join(own, "functions", `${name}.mjs`);
  const textOf = (path: string) => readFileSync(path, "utf8");
  const all = readdirSync(own, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".mjs"))
    .map((path) => join(own, path));
  const atStart = loadedBy(file, textOf);
  const { own: imports, reference } = await importsOf(file, join(folder, "reference.mjs"));
  const bundle = {
    ...{ name, zipBytes: statSync(zip).size, bytes: bytesOf(all) },
    ...{ startBytes: bytesOf(atStart), startFiles: atStart.size },
    nodeModules: imports[0]?.nodeModules ?? 0,
    hasKubernetesClient: all.some((path) => hasKubernetesClient(textOf(path))),
  };
  const cpu = median(imports.map((one) => one.cpu));
  const references = cpu / median(reference.map((one) => one.cpu));
  const sizes = [bundle.zipBytes, bundle.bytes, bundle.startBytes].map(kilobytes);
  const counts = [String(bundle.startFiles), String(bundle.nodeModules)];
  const times = [
    milliseconds(median(imports.map((one) => one.wall))),
    milliseconds(cpu),
    references.toFixed(1),
  ];
  process.stdout.write(line([name, ...sizes, ...counts, ...times]));
  return { bundle, references };
};

const bytesOf = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + statSync(file).size, 0);

/** Both take turns, so that what else the machine does meets both. */
const importsOf = async (file: string, referenceFile: string) => {
  const imports = { own: [] as Import[], reference: [] as Import[] };
  for (let run = 0; run < runs; run += 1) {
    imports.reference.push(await importOnce(referenceFile, environment));
    imports.own.push(await importOnce(file, environment));
  }
  return imports;
};

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[(values.length - 1) / 2] ?? Number.NaN;
const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
const milliseconds = (value: number) => `${Math.round(value)} ms`;
const line = (cells: readonly string[]) =>
  `${cells
    .map((cell) => cell.padEnd(12))
    .join("")
    .trimEnd()}\n`;

const committedShape = z.record(
  z.string(),
  z.object({ bytes: z.int(), startBytes: z.int(), startFiles: z.int(), nodeModules: z.int() }),
);

const judge = (all: readonly Figures[]) => {
  const bundles = all.map(({ bundle }) => bundle);
  const committed = committedShape.parse(JSON.parse(readFileSync(sizesFile, "utf8")));
  for (const smaller of shrunk(bundles, committed))
    process.stdout.write(`${smaller}: npm run package:figures -- --accept keeps it so\n`);
  const grown = bundleFindings(bundles, committed);
  const slow = all
    .filter(({ references }) => references > mostReferences)
    .map(
      ({ bundle, references }) =>
        `${bundle.name}: its import takes ${references.toFixed(1)} references, ${mostReferences} at most`,
    );
  for (const finding of [...grown, ...slow]) process.stderr.write(`${finding}\n`);
  if (grown.length > 0)
    process.stderr.write(
      "What is meant to be: npm run package:figures -- --accept, and say in the commit what it is for.\n",
    );
  process.exitCode = grown.length + slow.length === 0 ? 0 : 1;
};

const accept = (all: readonly Figures[]) => {
  const sizes = Object.fromEntries(
    all.map(({ bundle: { name, bytes, startBytes, startFiles, nodeModules } }) => [
      name,
      { bytes, startBytes, startFiles, nodeModules },
    ]),
  );
  writeFileSync(page, withTable(readFileSync(page, "utf8"), sizes));
  writeFileSync(sizesFile, `${JSON.stringify(sizes, null, 2)}\n`);
};

if (!existsSync(packed)) throw new Error("nothing is packed: npm run package comes first");
const names = readdirSync(packed).flatMap((file) => (file.endsWith(".zip") ? [file.slice(0, -4)] : []));
const folder = mkdtempSync(join(tmpdir(), "rollcall-figures-"));
try {
  writeReference(join(folder, "reference.mjs"));
  process.stdout.write(`Node ${process.version}, median of ${runs} imports each\n`);
  process.stdout.write(
    line(["", "zip", "bundle", "at start", "files", "of Node", "import", "its CPU", "references"]),
  );
  const all: Figures[] = [];
  for (const name of names) all.push(await figuresOf(name, folder));
  if (process.argv.includes("--accept")) accept(all);
  else judge(all);
} finally {
  rmSync(folder, { recursive: true });
}
