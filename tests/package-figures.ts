import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod";
import { type Bundle, bundleFindings, hasKubernetesClient, loadedBy } from "./package-figures/bundles.ts";
import { type Import, importOnce } from "./package-figures/imported.ts";

/**
 * `npm run package:figures`, after `npm run package`: the size of each function and how long its import takes in a new process.
 * Exits 1 for a bundle over its bound (package-figures/bounds.json), and for the Kubernetes client where no cluster is reached.
 * Times are told and not judged: they are this machine's.
 */
const packed = resolve(import.meta.dirname, "../.serverless");
const runs = 11;
/** What a function must be told before it can be loaded; nothing is asked while it is. */
const environment = {
  ...{ TABLE_NAME: "table", BUS_NAME: "bus", CONFIG_FILE: "prometheus.yml", SETTINGS_FILE: "rollcall.yml" },
  ...{ DEAD_LETTER_URL: "http://127.0.0.1:9/queue", SERVICE_NAME: "rollcall", WHERE: "cloud" },
  ...{ AWS_REGION: "eu-central-1", AWS_LAMBDA_FUNCTION_NAME: "rollcall" },
};

const figuresOf = async (name: string, folder: string): Promise<Bundle> => {
  const zip = join(packed, `${name}.zip`);
  const own = join(folder, name);
  execFileSync("unzip", ["-q", zip, "-d", own]);
  const file = join(own, "functions", `${name}.mjs`);
  const textOf = (path: string) => readFileSync(path, "utf8");
  const all = readdirSync(own, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".mjs"))
    .map((path) => join(own, path));
  const bundle = {
    ...{
      name,
      zipBytes: statSync(zip).size,
      bytes: bytesOf(all),
      startBytes: bytesOf(loadedBy(file, textOf)),
    },
    hasKubernetesClient: all.some((path) => hasKubernetesClient(textOf(path))),
  };
  const sizes = [bundle.zipBytes, bundle.bytes, bundle.startBytes].map(kilobytes);
  process.stdout.write(line([name, ...sizes, ...(await times(file))]));
  return bundle;
};

const bytesOf = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + statSync(file).size, 0);

const times = async (file: string): Promise<string[]> => {
  const imports: Import[] = [];
  for (let run = 0; run < runs; run += 1) imports.push(await importOnce(file, environment));
  return [imports.map(({ wall }) => wall), imports.map(({ cpu }) => cpu)].flatMap((values) => {
    const sorted = values.toSorted((a, b) => a - b);
    return [milliseconds(sorted[(runs - 1) / 2]), milliseconds(sorted[0])];
  });
};

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
const milliseconds = (value = Number.NaN) => `${Math.round(value)} ms`;
const line = (cells: readonly string[]) =>
  `${cells
    .map((cell) => cell.padEnd(12))
    .join("")
    .trimEnd()}\n`;

if (!existsSync(packed)) throw new Error("nothing is packed: npm run package comes first");
const names = readdirSync(packed).flatMap((file) => (file.endsWith(".zip") ? [file.slice(0, -4)] : []));
const bounds = z
  .record(z.string(), z.object({ bytes: z.number(), startBytes: z.number() }))
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, "package-figures/bounds.json"), "utf8")));
const folder = mkdtempSync(join(tmpdir(), "rollcall-figures-"));
try {
  process.stdout.write(`Node ${process.version}, ${runs} imports each\n`);
  process.stdout.write(line(["", "zip", "bundle", "at start", "import", "least", "its CPU", "least"]));
  const bundles: Bundle[] = [];
  for (const name of names) bundles.push(await figuresOf(name, folder));
  const findings = bundleFindings(bundles, bounds);
  for (const finding of findings) process.stderr.write(`${finding}\n`);
  process.exitCode = findings.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
