import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Printed, printedSchema } from "./printed.ts";

/**
 * The service in `root` as the deploy tool itself understands it (`osls print`, offline), so that the local run is
 * driven by the very files that deploy. Takes two seconds; the result is kept in `cache` under the files' hash.
 */
export const printTemplate = async (root: string, cache: string): Promise<Printed> => {
  const file = join(cache, `template-${hashOf(root)}.json`);
  const kept = parse(readOr(file, ""));
  if (kept) return kept;
  const text = await print(root);
  const printed = checked(text);
  keep(cache, file, text);
  return printed;
};

/** The same for a deployment with these parameters, printed anew each time. */
export const printTemplateWith = async (
  root: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Printed> => checked(await print(root, parameters));

const checked = (text: string): Printed => {
  const printed = printedSchema.safeParse(JSON.parse(text));
  if (!printed.success) throw new Error(describe(printed.error.issues));
  return printed.data;
};

const run = promisify(execFile);

/** The tool gets no credentials, no proxy and no name of ours, so that it has nothing to reach out with. */
const print = async (root: string, parameters: Readonly<Record<string, string>> = {}): Promise<string> => {
  const tool = join(root, "node_modules", "serverless", "bin", "serverless.js");
  const words = Object.entries(parameters).flatMap(([name, value]) => ["--param", `${name}=${value}`]);
  const environment = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...quiet };
  try {
    const { stdout } = await run(process.execPath, [tool, "print", "--format", "json", ...words], {
      cwd: root,
      env: environment,
      timeout: 60_000,
      maxBuffer: 16 * 1024 * 1024,
    });
    return stdout;
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : "";
    throw new Error(`serverless.yml is refused by the deploy tool: ${said || String(cause)}`, { cause });
  }
};

const quiet = {
  SLS_DEPRECATION_DISABLE: "*",
  SLS_DEPRECATION_NOTIFICATION_MODE: "warn",
  SLS_INTERACTIVE_SETUP_ENABLE: "0",
  SLS_TELEMETRY_DISABLED: "1",
  AWS_EC2_METADATA_DISABLED: "true",
  FORCE_COLOR: "0",
};

const hashOf = (root: string): string => {
  const infra = join(root, "infra");
  const files = [
    join(root, "serverless.yml"),
    ...readdirSync(infra)
      .sort()
      .map((name) => join(infra, name)),
  ];
  const tool = join(root, "node_modules", "serverless", "package.json");
  const hash = createHash("sha256");
  for (const file of [...files, tool])
    hash.update(`${file.slice(root.length)}\0${readFileSync(file, "utf8")}\0`);
  return hash.digest("hex").slice(0, 16);
};

/** A cache that cannot be written costs two seconds at the next start, nothing more. */
const keep = (cache: string, file: string, text: string) => {
  try {
    mkdirSync(cache, { recursive: true });
    for (const old of readdirSync(cache)) if (old.startsWith("template-")) rmSync(join(cache, old));
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch {
    rmSync(`${file}.new`, { force: true });
  }
};

const readOr = (file: string, otherwise: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return otherwise;
  }
};

const parse = (text: string): Printed | undefined => {
  if (text === "") return undefined;
  try {
    return printedSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const describe = (issues: readonly { path: PropertyKey[]; message: string }[]) =>
  `serverless.yml: ${issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`;
