import { hash as digest } from "node:crypto";
import type { LabelSet, TargetGroup } from "./targetgroup.ts";

/**
 * SHA-256, in hex, of the group's canonical JSON (design §3.2). Two groups with one hash need no event.
 * Remembered by the group's identity, since a warm process compares the same groups look after look.
 */
export const contentHash = (group: TargetGroup): string => {
  const known = hashes.get(group);
  if (known !== undefined) return known;
  const hash = digest("sha256", canonicalJson(group));
  hashes.set(group, hash);
  return hash;
};

/** `{"labels":{…},"source":"…","targets":[{…}]}`, names sorted by code unit, no blanks: the same bytes wherever it was built. */
export const canonicalJson = (group: TargetGroup): string =>
  `{"labels":${canonicalLabels(group.labels)},"source":${quoted(group.source)},` +
  `"targets":[${group.targets.map(canonicalLabels).join(",")}]}`;

/** The members by hand, since the engine is asked for every text in turn otherwise, which takes twice as long. */
const canonicalLabels = (labels: LabelSet): string => {
  let members = "";
  for (const name of Object.keys(labels).sort())
    members += `${members === "" ? "" : ","}${memberName(name)}${quoted(labels[name]!)}`;
  return `{${members}}`;
};

/** All but what JSON escapes: quotes, backslashes, control characters, halves of surrogate pairs (of whole pairs, too, the engine is asked). */
const plain = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

/** A cluster has some hundred names of labels in all its groups. */
const memberName = (name: string): string => {
  const known = memberNames.get(name);
  if (known !== undefined) return known;
  const member = `${quoted(name)}:`;
  if (memberNames.size < mostNames) memberNames.set(name, member);
  return member;
};

const memberNames = new Map<string, string>();
/** Whoever makes names up must not fill the memory: theirs are quoted anew each time. */
const mostNames = 10_000;

const hashes = new WeakMap<TargetGroup, string>();
