import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { readSources, scrapeConfigFileGlobs } from "../lib/config/sources.ts";
import { reasonOf } from "../lib/errors.ts";
import { marksOf } from "../lib/marks.ts";
import { gather } from "../lib/tick/gather.ts";

export interface WatchedFiles {
  readonly configFile: string;
  readonly settingsFile?: string | undefined;
}

/**
 * Calls `changed` when the text of the configuration, of a file it includes, of the settings, or of an adapter's rules has become another.
 * Files are looked at every second; they are read only when one of them, or a folder that an inclusion looks into,
 * has another time, size or place. What comes back ends it.
 */
export const watchFiles = async (options: {
  files: WatchedFiles;
  clock: Clock;
  changed: () => void;
}): Promise<() => void> => {
  const { files, clock, changed } = options;
  let known = await take(files);
  let stop = () => {};
  const look = async () => {
    if ((await marksOf(known.paths)) !== known.marks) {
      const now = await take(files, known.rules);
      if (now.hash !== known.hash) changed();
      known = now;
    }
    stop = clock.after(interval, look);
  };
  stop = clock.after(interval, look);
  return () => stop();
};

const interval = 1000;

interface Snapshot {
  readonly paths: readonly string[];
  /** Those of them that adapters name. */
  readonly rules: readonly string[];
  /** Of each path what tells without reading that it may have changed. */
  readonly marks: string;
  readonly hash: string;
}

const take = async (files: WatchedFiles, before: readonly string[] = []): Promise<Snapshot> => {
  const { configFile, settingsFile } = files;
  // A broken configuration names none, and its rules may be what is broken.
  const rules = settingsFile === undefined ? [] : ((await rulesOf(files)) ?? before);
  const settings = settingsFile === undefined ? [] : [settingsFile];
  const { included, text } = await contentOf(configFile);
  const paths = [configFile, ...settings, ...rules, ...included];
  const marks = await marksOf(paths);
  const texts = [text, ...(await Promise.all([...settings, ...rules].map(textOf)))];
  return { paths, rules, marks, hash: hash("sha256", JSON.stringify(texts)) };
};

const rulesOf = async (files: WatchedFiles): Promise<string[] | undefined> => {
  const document = await gather({ ...files, inCluster: true }).catch(() => undefined);
  return document && (document.rules ?? []).map(({ path }) => path);
};

/** A file that cannot be read counts with its error, so that its return is a change as well. */
const contentOf = async (configFile: string): Promise<{ included: string[]; text: string }> => {
  try {
    const sources = await readSources({ configFile });
    const folders = scrapeConfigFileGlobs(sources.main).map((pattern) => dirname(pattern));
    return {
      included: [...sources.jobFiles.map(({ path }) => path), ...folders],
      text: JSON.stringify(sources),
    };
  } catch (thrown) {
    return { included: [], text: `${reasonOf(thrown)}\n${await textOf(configFile)}` };
  }
};

const textOf = (path: string): Promise<string> => readFile(path, "utf8").catch(reasonOf);
