import fc from "fast-check";
import { regexError } from "../../lib/relabel/rule.ts";
import type { ScrapeConfig } from "../golden/relabel-cases.ts";

/**
 * Jobs with made-up rules and targets, the same for the same seed. What Prometheus leaves to chance is left out: no
 * `labelmap` here gives two labels one name.
 */
export const generatedJobs = (count: number, seed: number): ScrapeConfig[] =>
  fc
    .sample(job, { numRuns: count, seed })
    .map((config, index) => ({ ...config, job_name: `generated ${index}` }));

/** `${name}`, which the linter takes for a forgotten template. */
const braced = (name: string | number) => `$\{${name}}`;

const words = [
  "a",
  "b",
  "ab",
  "ba",
  "aab",
  "A",
  "aB",
  "ß",
  "ü",
  "é",
  "1",
  "12",
  "a;b",
  ";",
  "a\nb",
  "😀",
  "a😀b",
];
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.constant("") },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.constantFrom("a", "b", "A", ";", "-", "1", "ü", "😀"), { maxLength: 6 })
      .map(joined),
  },
);

function joined(parts: readonly string[]): string {
  return parts.join("");
}

const names = ["a", "b", "ab", "aab", "d-e", "ü", "__tmp_x", "__tmp_yy", "__meta_a", "__meta_b", "__param_a"];
const name = fc.constantFrom(...names);
const source = fc.oneof(
  { weight: 8, arbitrary: name },
  { weight: 1, arbitrary: fc.constantFrom("__address__", "job", "gone") },
);

const atom = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("a", "b", "A", ";", "-", "1", "ü", "😀") },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ".",
      "\\w",
      "\\d",
      "\\W",
      "[ab]",
      "[^ab]",
      "[a-b1]",
      "\\pL",
      "[[:lower:]]",
      "\\x61",
      "\\|",
      "\\-",
      "\\;",
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom("^", "$", "\\b", "\\B", "\\A", "\\z", "\\s", "(?i)a", "") },
);
const quantifier = fc.constantFrom("", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?");
const { pattern } = fc.letrec<{ pattern: string; branch: string; piece: string }>((tie) => ({
  pattern: fc.array(tie("branch"), { minLength: 1, maxLength: 3 }).map((branches) => branches.join("|")),
  branch: fc.array(tie("piece"), { minLength: 1, maxLength: 4 }).map(joined),
  piece: fc
    .tuple(
      fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        atom,
        fc
          .tuple(fc.constantFrom("(", "(", "(?:", "(?i:", "(?U:"), tie("pattern"))
          .map(([open, inner]) => `${open}${inner})`),
      ),
      quantifier,
    )
    .map(joined),
}));
const plainPatterns = [
  "(.*)",
  ".*",
  ".+",
  "a(.*)",
  "(.+)b",
  "a|b",
  "(a|ab)",
  "",
  "a.*b",
  "(a*)(b*)",
  "(.*);(.*)",
];
const regex = fc
  .oneof(fc.constantFrom(...plainPatterns), pattern)
  .filter((text) => regexError(text) === undefined);

const replacement = fc
  .array(fc.constantFrom("$1", braced(2), "$0", "$$", "$", "x", "-", braced("n"), "$1a", `${braced(1)}a`), {
    maxLength: 3,
  })
  .map(joined);
const sources = fc.array(source, { minLength: 1, maxLength: 3 });
const separator = fc.constantFrom(";", ";", "", "-", "ab");
const target = fc.constantFrom(
  "a",
  "b",
  "c",
  "__tmp_z",
  "__address__",
  "instance",
  "job",
  "__param_a",
  "__metrics_path__",
);
const targetTemplate = fc.oneof(target, fc.constantFrom("$1", `t_${braced(1)}`, "t_$2", "$0", "__tmp_$1"));

const rule = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      source_labels: sources,
      separator,
      regex,
      target_label: targetTemplate,
      replacement,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constantFrom("keep", "drop"),
      source_labels: sources,
      separator,
      regex,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constantFrom("keepequal", "dropequal"),
      source_labels: sources,
      target_label: source,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constant("hashmod"),
      source_labels: sources,
      separator,
      target_label: target,
      modulus: fc.oneof(fc.bigInt(1n, 20n), fc.bigInt(1n, 2n ** 64n - 1n)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      action: fc.constantFrom("lowercase", "uppercase"),
      source_labels: sources,
      separator,
      target_label: fc.constantFrom("a", "b", "c", "__tmp_z"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      action: fc.constant("labelmap"),
      regex: fc.oneof(regex, fc.constantFrom("__meta_.*", ".*a", "[^_]+")),
      replacement: fc.constantFrom("m_$0", `${braced(0)}_m`),
    }),
  },
  { weight: 1, arbitrary: fc.record({ action: fc.constant("labelmap"), regex: fc.constant("__meta_(.+)") }) },
  { weight: 1, arbitrary: fc.record({ action: fc.constantFrom("labeldrop"), regex }) },
  {
    weight: 1,
    arbitrary: regex.map((kept) => ({ action: "labelkeep", regex: `__address__|__scrape.*|${kept}` })),
  },
);

/** Shows what is left in the labels that the target API hides. */
const reveal = { action: "labelmap", regex: "__tmp_(.*)", replacement: "seen_$1" };

const groups = fc.array(
  fc.record({
    targets: fc.constantFrom(["a:1"], ["b:1", "b"], [""]),
    labels: fc.dictionary(name, value, { maxKeys: 6 }),
  }),
  { minLength: 1, maxLength: 4 },
);
const job = fc.record({
  relabel_configs: fc.array(rule, { minLength: 1, maxLength: 4 }).map((rules) => [...rules, reveal]),
  static_configs: groups,
});
