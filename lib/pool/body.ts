import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { LabelSet, TargetGroup } from "../targetgroup/targetgroup.ts";

/**
 * A group as compressed JSON. Of a pod's 2.3 kB, deflate at level 3 makes 500 bytes; brotli's quality 4 saves another 20 bytes for twice
 * the time, and the reader pays more as well. For a text that fits into a small window, deflate's own memory is a third of the time, and
 * as much of what is answered would keep a buffer of 16 kB alive.
 */
export const compressGroup = (group: TargetGroup): Uint8Array => {
  const json = JSON.stringify(group);
  return deflateRawSync(json, json.length <= smallWindow ? small : large);
};

/** Bytes that deflate looks back. */
const smallWindow = 4096;
const small = { level: 3, windowBits: 12, memLevel: 7, chunkSize: 1024 };
const large = { level: 3 };

/** Throws when the bytes are not a group, or not that of `source`. */
export const decompressGroup = (bytes: Uint8Array, source: string): TargetGroup => {
  const text = inflate(bytes, source);
  const group = parse(text.toString(), source);
  if (isTargetGroup(group) && group.source === source) {
    sizes.set(group, text.length);
    return group;
  }
  throw new Error(`group ${source} in the table: the body is not a group of this source`);
};

/**
 * No group is larger when written out; what is came from elsewhere. Most are written out in one chunk of the memory that Node keeps for
 * small buffers, which is quicker by a quarter than its own 16 kB for each.
 */
const inflating = { maxOutputLength: 256 * 1024 * 1024, chunkSize: 4000 };

const inflate = (bytes: Uint8Array, source: string): Buffer => {
  try {
    return inflateRawSync(bytes, inflating);
  } catch (thrown) {
    throw unreadable(source, thrown);
  }
};

const parse = (text: string, source: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw unreadable(source, thrown);
  }
};

const unreadable = (source: string, cause: unknown) =>
  new Error(`group ${source} in the table: the body cannot be read`, { cause });

const sizes = new WeakMap<TargetGroup, number>();

/** Bytes of the group's JSON; of one that was read from the table this is known. */
export const writtenSize = (group: TargetGroup): number =>
  sizes.get(group) ?? Buffer.byteLength(JSON.stringify(group));

/** Written out by hand: a schema takes four times as long as parsing, and a cold read has 100,000 of these. */
const isTargetGroup = (value: unknown): value is TargetGroup =>
  isObject(value) &&
  "source" in value &&
  typeof value.source === "string" &&
  "labels" in value &&
  isLabelSet(value.labels) &&
  "targets" in value &&
  Array.isArray(value.targets) &&
  value.targets.every(isLabelSet);

const isLabelSet = (value: unknown): value is LabelSet => {
  if (!isObject(value)) return false;
  for (const label of Object.values(value)) if (typeof label !== "string") return false;
  return true;
};

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
