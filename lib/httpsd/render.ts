import type { LabelSet, TargetGroup } from "../targetgroup/targetgroup.ts";

/**
 * One target group as members of an HTTP SD list, without the brackets: `{"targets":[…],"labels":{…}},…`. HTTP SD has room
 * for addresses only, so targets with labels of their own become entries of their own; neighbours with equal labels
 * share one. Own labels hide the group's, empty ones too (spec/prometheus-sd.md §4.3 step 2).
 */
export const renderGroup = (group: TargetGroup): string => {
  const shared = membersOf(group.labels);
  let last: { readonly own: string; readonly labels: string } | undefined;
  return renderEntries(
    group.targets.map((target) => {
      const members = membersOf(target);
      const own = members.map(({ text }) => text).join();
      // Not merged anew for each of a thousand targets: the group's labels may be as large as an item of the table.
      if (last?.own !== own) last = { own, labels: mergedText(shared, members) };
      return { address: target[address] ?? "", labels: last.labels };
    }),
  );
};

/** A target of a list; its labels are JSON already. */
export interface Listed {
  readonly address: string;
  readonly labels: string;
}

/** One after the other, so that of a thousand targets with equal labels one text is held, not a thousand. */
export const renderEntries = (listed: Iterable<Listed>): string => {
  const entries: string[] = [];
  let addresses: string[] = [];
  let labels = "";
  const close = () => {
    if (addresses.length > 0) entries.push(`{"targets":[${addresses.join(",")}],"labels":${labels}}`);
    addresses = [];
  };
  for (const target of listed) {
    if (target.labels !== labels) close();
    labels = target.labels;
    addresses.push(JSON.stringify(target.address));
  }
  close();
  return entries.join(",");
};

/** In the order in which they come. */
export const labelsText = (
  labels: Iterable<readonly [string, string]>,
  isLeftOut: (name: string, value: string) => boolean,
): string => {
  let text = "";
  for (const [name, value] of labels) {
    if (isLeftOut(name, value)) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${valueText(value)}`;
  }
  return `{${text}}`;
};

/** A long value is most often the group's, the same for each of its targets, so its text is remembered. */
const valueText = (value: string): string => {
  if (value.length < longValue) return JSON.stringify(value);
  const known = longTexts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  if (longTexts.size >= mostLong) longTexts.clear();
  longTexts.set(value, text);
  return text;
};

const longValue = 1_000;
const longTexts = new Map<string, string>();
/** An annotation has 256 kB at most. */
const mostLong = 32;

const address = "__address__";

/** One label as JSON: a list has millions of them, and most are in each target of a group. */
interface Member {
  readonly name: string;
  readonly text: string;
}

/** By name; without the address. */
const membersOf = (labels: LabelSet): Member[] => {
  const members: Member[] = [];
  for (const name of Object.keys(labels).sort()) {
    if (name !== address) members.push({ name, text: nameText(name) + JSON.stringify(labels[name]) });
  }
  return members;
};

/** Of one name only the own one. */
const mergedText = (shared: readonly Member[], own: readonly Member[]): string => {
  let text = "";
  let at = 0;
  const add = (member: Member) => {
    text += text === "" ? member.text : `,${member.text}`;
  };
  for (const member of own) {
    for (; at < shared.length && shared[at]!.name < member.name; at += 1) add(shared[at]!);
    if (shared[at]?.name === member.name) at += 1;
    add(member);
  }
  for (; at < shared.length; at += 1) add(shared[at]!);
  return `{${text}}`;
};

/** `"name":`, remembered: there are few names. */
const nameText = (name: string): string => {
  const known = nameTexts.get(name);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(name)}:`;
  if (nameTexts.size >= mostNames) nameTexts.clear();
  nameTexts.set(name, text);
  return text;
};

const nameTexts = new Map<string, string>();
const mostNames = 10_000;
