import { toLower, toUpper } from "./casing.ts";
import { hashmod } from "./hashmod.ts";
import { compilePattern } from "./pattern.ts";
import { type Action, isLabelName, type Rule } from "./rule.ts";
import { parseTemplate } from "./template.ts";
import type { Working } from "./working.ts";

/** One compiled rule: changes the labels, and says whether the target is kept. A dropped target's labels mean nothing. */
export type Step = (labels: Working) => boolean;

/** spec/prometheus-sd.md §4.1, after `model/relabel/relabel.go`. */
export const compileRule = (rule: Rule): Step => compilers[rule.action](rule);

type Compiler = (rule: Rule) => Step;

const filter =
  (isKept: boolean): Compiler =>
  (rule) => {
    const value = joinedValue(rule);
    const pattern = compilePattern(rule.regex);
    return (labels) => pattern.test(value(labels)) === isKept;
  };

const equality =
  (isKept: boolean): Compiler =>
  (rule) => {
    const value = joinedValue(rule);
    return (labels) => (value(labels) === labels.get(rule.targetLabel)) === isKept;
  };

const writing =
  (change: (value: string, rule: Rule) => string): Compiler =>
  (rule) => {
    const value = joinedValue(rule);
    return (labels) => {
      labels.set(rule.targetLabel, change(value(labels), rule));
      return true;
    };
  };

const replace: Compiler = (rule) => {
  const value = joinedValue(rule);
  const pattern = compilePattern(rule.regex);
  const target = parseTemplate(rule.targetLabel, pattern.groupNumber);
  const replacement = parseTemplate(rule.replacement, pattern.groupNumber);
  const isGood = (name: string) => target.isConstant || isLabelName(name, rule.nameScheme);
  return (labels) => {
    const groups = pattern.match(value(labels));
    if (groups === undefined) return true;
    const name = target.expand(groups);
    if (isGood(name)) labels.set(name, replacement.expand(groups));
    return true;
  };
};

/** All values are taken before the first is set. Of two labels that get one name the last stays. */
const labelmap: Compiler = (rule) => {
  const pattern = compilePattern(rule.regex);
  const { expand } = parseTemplate(rule.replacement, pattern.groupNumber);
  const mapped = remembered((name) => pattern.test(name) && pattern.replaceAll(name, expand));
  const additions = (labels: Working, names: readonly string[]) => {
    const added = new Map<string, string>();
    let count = 0;
    for (const name of names) {
      const other = mapped(name);
      if (other === false) continue;
      added.set(other, labels.get(name));
      count += 1;
    }
    return { added, isOrderless: added.size === count };
  };
  return (labels) => {
    // Sorting is for the rare case that two meet.
    const { added, isOrderless } = additions(labels, labels.names());
    const result = isOrderless ? added : additions(labels, labels.orderedNames()).added;
    for (const [name, value] of result) labels.set(name, value);
    return true;
  };
};

const byName =
  (isKept: boolean): Compiler =>
  (rule) => {
    const pattern = compilePattern(rule.regex);
    const matches = remembered((name) => pattern.test(name));
    return (labels) => {
      for (const name of labels.names()) if (matches(name) !== isKept) labels.set(name, "");
      return true;
    };
  };

const compilers: Readonly<Record<Action, Compiler>> = {
  replace,
  keep: filter(true),
  drop: filter(false),
  keepequal: equality(true),
  dropequal: equality(false),
  hashmod: writing((value, { modulus }) => hashmod(value, modulus).toString()),
  lowercase: writing(toLower),
  uppercase: writing(toUpper),
  labelmap,
  labeldrop: byName(false),
  labelkeep: byName(true),
};

/** The values of the source labels, joined; an absent label reads as empty. */
const joinedValue = ({ sourceLabels, separator }: Rule): ((labels: Working) => string) => {
  const [first] = sourceLabels;
  if (first === undefined) return () => "";
  const others = sourceLabels.slice(1);
  return (labels) => {
    let value = labels.get(first);
    for (const name of others) value += separator + labels.get(name);
    return value;
  };
};

/** The targets of a job have the same few label names, so each is matched once. */
const remembered = <Answer extends string | boolean>(
  answer: (name: string) => Answer,
): ((name: string) => Answer) => {
  const known = new Map<string, Answer>();
  return (name) => {
    if (name.length > longestRemembered) return answer(name);
    const before = known.get(name);
    if (before !== undefined) return before;
    const fresh = answer(name);
    if (known.size >= mostRemembered) known.clear();
    known.set(name, fresh);
    return fresh;
  };
};

const longestRemembered = 512;
const mostRemembered = 4096;
