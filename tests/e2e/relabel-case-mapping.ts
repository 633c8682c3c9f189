import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";

/** A rule for each case. */
export const caseJob = {
  job_name: "case mapping",
  relabel_configs: [
    { action: "lowercase", source_labels: ["text"], target_label: "lower" },
    { action: "uppercase", source_labels: ["text"], target_label: "upper" },
    { action: "labeldrop", regex: "__meta_filepath" },
  ],
};

const size = 0x1000;

/** All code points of the first two planes, in portions; the planes beyond have no letters with a case. */
export const caseGroups: readonly TargetGroup[] = Array.from({ length: 0x20000 / size }, (_, portion) => ({
  source: String(portion),
  labels: { portion: String(portion), text: textFrom(portion * size) },
  targets: [{ __address__: "a:1" }],
}));

function textFrom(first: number): string {
  const codes = Array.from({ length: size }, (_, index) => first + index);
  return String.fromCodePoint(...codes.filter((code) => code < 0xd800 || code > 0xdfff));
}
