import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Resources, templateSchema } from "../../template-rules/resources.ts";
import { repository, runProgram } from "../process.ts";

/** What `npm run package` makes. */
export interface Package {
  /** Its template, and `NAME.zip` for each function. */
  readonly folder: string;
  readonly templateFile: string;
  readonly resources: Resources;
}

/** Packs the service into a new folder below `folder`, as a deployment with these parameters would. */
export const pack = async (
  folder: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Package> => {
  rmSync(join(repository, ".esbuild"), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const words = Object.entries(parameters).flatMap(([name, value]) => ["--param", `${name}=${value}`]);
  const tool = join(repository, "node_modules/serverless/bin/serverless.js");
  await runProgram(process.execPath, [tool, "package", "--package", folder, ...words]);
  const templateFile = join(folder, "cloudformation-template-update-stack.json");
  const { Resources } = templateSchema.parse(JSON.parse(readFileSync(templateFile, "utf8")));
  return { folder, templateFile, resources: Resources };
};

/** All that the template names; the suite uses every right of theirs. */
export const functionNames = [
  ...(["tick", "discover", "relay", "reduce", "serve", "collect", "model", "relist", "adapt"] as const),
];

/** Unpacks every function into one folder, since none has a file of another's; returns it. */
export const unpack = async ({ folder }: Package, into = "unpacked"): Promise<string> => {
  const root = join(folder, into);
  for (const name of functionNames) {
    const own = join(folder, `only-${name}`);
    await runProgram("unzip", ["-q", "-o", join(folder, `${name}.zip`), "-d", own]);
    cpSync(own, root, { recursive: true });
  }
  return root;
};
