import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";

const root = resolve(import.meta.dirname, "../..");

/** The functions of one release, as Lambda calls them. */
export interface Release {
  readonly tick: Handler;
  readonly discover: Handler;
  readonly relay: Handler;
  readonly reduce: Handler;
  readonly serve: Handler;
}

export type Handler = (...given: unknown[]) => Promise<unknown>;

/** Those of this checkout. The environment must be set. */
export const thisRelease = () => releaseIn(root);

/**
 * Those of the last release, out of git's history, in a folder of this checkout so that their packages are found;
 * `remove` takes it away. Throws one line that says what is missing.
 */
export const lastRelease = async (): Promise<{ release: Release; remove: () => void }> => {
  const commit = readFileSync(join(root, "docs/events/released/RELEASE"), "utf8").trim();
  mkdirSync(join(root, ".rollcall"), { recursive: true });
  const folder = mkdtempSync(join(root, ".rollcall", "release-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const archive = git(["archive", "--format=tar", commit, "functions", "lib"], commit);
    execFileSync("tar", ["-x", "-C", folder], { input: archive });
    return { release: await releaseIn(folder), remove };
  } catch (error) {
    remove();
    throw error;
  }
};

const git = (words: readonly string[], commit: string): Buffer => {
  try {
    return execFileSync("git", ["-C", root, ...words], { stdio: "pipe", maxBuffer: 64 * 1024 * 1024 });
  } catch (cause) {
    throw new Error(
      `the last release, commit ${commit} (docs/events/released/RELEASE), is not in git's history here: a whole clone is needed, not a shallow one`,
      { cause },
    );
  }
};

const releaseIn = async (folder: string): Promise<Release> => {
  const [tick, discover, relay, reduce, serve] = await Promise.all(
    ["tick", "discover", "relay", "reduce", "serve"].map(async (name) => {
      const module: unknown = await import(pathToFileURL(join(folder, "functions", `${name}.ts`)).href);
      return moduleSchema.parse(module).handler;
    }),
  );
  return { tick: tick!, discover: discover!, relay: relay!, reduce: reduce!, serve: serve! };
};

const moduleSchema = z.object({
  handler: z.custom<Handler>((value) => typeof value === "function", "expected an exported handler"),
});
