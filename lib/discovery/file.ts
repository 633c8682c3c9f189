import path from "node:path";
import { goGlob } from "../config/glob.ts";
import { reasonOf } from "../errors.ts";
import { diskFiles } from "../files/disk.ts";
import { AbsentError, type Files } from "../files/files.ts";
import { type ParsedGroup, parseJsonGroups, parseYamlGroups } from "../targetgroup/parse.ts";
import type { TargetGroup } from "../targetgroup/targetgroup.ts";
import { withClusterLabel } from "./clusterlabel.ts";
import type { Discoverer, Look } from "./discoverer.ts";
import { eachProvider } from "./outcome.ts";

export interface FileOptions {
  /** This machine's by default. */
  readonly files?: Files;
  /** A larger file is refused; 64 MiB by default. */
  readonly maxBytes?: number;
}

/**
 * `file_sd_configs` (spec §1.2): one group per list item, with the source `<path>:<index>`. A file that cannot be read or
 * decoded keeps its old groups and is named among the problems; a file that is gone takes its sources with it. Unlike upstream, a folder that
 * is there and cannot be read is a fault: its files are not known to be gone.
 */
export const createFileDiscoverer = (options: FileOptions = {}): Discoverer => {
  const { files: place = diskFiles, maxBytes = 64 * 1024 * 1024 } = options;
  return eachProvider("file", async (provider, signal) => {
    const findings: Finding[] = [];
    const { files, failures } = await findAll(provider.config.files, place);
    for (const file of files) {
      signal.throwIfAborted();
      findings.push(await readGroups(file, () => place.read(file, maxBytes)));
    }
    const look = lookOf([...findings, ...failures]);
    return { ...look, groups: withClusterLabel(provider, look.groups) };
  });
};

/** What one file gave, or why it, or a folder of them, gave nothing. */
type Finding =
  | { readonly groups: readonly TargetGroup[]; readonly read?: readonly [file: string, changedAt: number] }
  | { readonly problem: string; readonly keeps: (source: string) => boolean };

const lookOf = (findings: readonly Finding[]): Look => {
  const faults = findings.filter((finding) => "problem" in finding);
  const read = findings.flatMap((finding) => ("read" in finding && finding.read ? [finding.read] : []));
  return {
    groups: findings.flatMap((finding) => ("groups" in finding ? finding.groups : [])),
    keeps: (source) => faults.some((fault) => fault.keeps(source)),
    problems: faults.map((fault) => fault.problem),
    files: Object.fromEntries(read.filter(([file]) => file.length <= longestTold).slice(0, mostTold)),
  };
};

/** Files whose time of change is told: a provider's record is small, and written often. */
const mostTold = 100;
const longestTold = 300;

/** Each file once, though several patterns may name it. */
const findAll = async (patterns: readonly string[], place: Files) => {
  const files = new Set<string>();
  const failures: Finding[] = [];
  for (const pattern of patterns) {
    try {
      for (const file of await goGlob(pattern, place)) files.add(file);
    } catch (error) {
      const folder = `${path.dirname(pattern)}/`;
      const keeps = (source: string) =>
        source.startsWith(folder) && !source.slice(folder.length).includes("/");
      failures.push({ problem: `${pattern}: ${reasonOf(error)}`, keeps });
    }
  }
  return { files, failures };
};

const readGroups = async (file: string, read: () => ReturnType<Files["read"]>): Promise<Finding> => {
  try {
    const { bytes, changedAt } = await read();
    const text = Buffer.from(bytes).toString("utf8");
    const parsed = file.toLowerCase().endsWith(".json") ? parseJsonGroups(text) : parseYamlGroups(text);
    return { groups: parsed.map((group, index) => groupOf(group, file, index)), read: [file, changedAt] };
  } catch (error) {
    if (error instanceof AbsentError) return { groups: [] };
    const keeps = (source: string) => source.startsWith(`${file}:`) && isIndex(source.slice(file.length + 1));
    return { problem: `${file}: ${reasonOf(error)}`, keeps };
  }
};

const groupOf = ({ targets, labels }: ParsedGroup, file: string, index: number): TargetGroup => ({
  source: `${file}:${index}`,
  targets,
  labels: { ...labels, __meta_filepath: file },
});

const isIndex = (text: string) => /^\d+$/.test(text);
