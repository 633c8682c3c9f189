import * as z from "zod";
import { bareKey, isProperty, nodeOf, type Pair, type Section, type SwarmNode } from "./node.ts";

/**
 * The nodes in the text of a classic Swarm master's `GET /info` (design §3.6). They are told for the eyes of `docker info`:
 * pairs whose keys carry layout, in `SystemStatus` since Swarm 1.1 and in `DriverStatus` before or below API 1.22.
 * Throws an Error of one line when the answer is anything else, or counts other nodes than it names: stale beats partial.
 * Of two nodes with one name the last wins.
 */
export const parseInfo = (text: string): SwarmNode[] => {
  const info = infoSchema.safeParse(jsonOf(text));
  if (!info.success) throw new Error(`/info: expected lists of text pairs in ${where}`);
  const { count, told } = nodePairs(info.data);
  const sections = sectionsOf(told);
  if (sections.length !== count) {
    throw new Error(`/info: announces ${count} nodes but names ${sections.length}`);
  }
  const byName = new Map(sections.map((section) => [bareKey(section.head[0]), nodeOf(section)]));
  return [...byName.values()];
};

const where = "SystemStatus or DriverStatus";

const pairs = z.array(z.tuple([z.string(), z.string()])).nullish();
const infoSchema = z.object({ SystemStatus: pairs, DriverStatus: pairs });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own message quotes the text, which is not for logs.
    throw new Error("/info: not JSON");
  }
};

/** The pairs after the `Nodes` pair, and the number it announces. */
const nodePairs = (info: z.infer<typeof infoSchema>): { count: number; told: Pair[] } => {
  for (const status of [info.SystemStatus ?? [], info.DriverStatus ?? []]) {
    const at = status.findIndex(([key]) => bareKey(key) === "Nodes");
    if (at === -1) continue;
    const number = status[at]?.[1].trim() ?? "";
    if (!/^\d{1,9}$/.test(number)) throw new Error(`/info: Nodes is ${JSON.stringify(number)}, not a number`);
    return { count: Number(number), told: status.slice(at + 1) };
  }
  throw new Error(`/info: no Nodes pair in ${where}; is this a classic Swarm master?`);
};

const sectionsOf = (told: readonly Pair[]): Section[] => {
  const sections: { head: Pair; properties: Pair[] }[] = [];
  for (const pair of told) {
    const current = sections.at(-1);
    if (!isProperty(pair[0])) sections.push({ head: pair, properties: [] });
    else if (current !== undefined) current.properties.push(pair);
    else throw new Error("/info: a node's property stands before any node");
  }
  return sections;
};
