import type { ReaderMark } from "../readers/readers.ts";
import { ago, brief, counted } from "./words.ts";

/** When the job was read last, and by whom. `marks` are the latest first. */
export const readText = ([last, ...others]: readonly ReaderMark[], now: number): string => {
  if (last === undefined) return "no reader has asked for the job's list in the last seven days";
  const more = others.length === 0 ? "" : `, and by ${counted(others.length, "other reader")}`;
  return `last read ${ago(last.at, now)} by ${whoText(last)}${more}`;
};

const whoText = ({ reader, agent, shard }: ReaderMark): string => {
  const about = [
    ...(agent === "" ? [] : [brief(agent, 80)]),
    ...(shard === undefined ? [] : [`shard ${shard.index} of ${shard.of}`]),
  ];
  return about.length === 0 ? brief(reader) : `${brief(reader)} (${about.join(", ")})`;
};
