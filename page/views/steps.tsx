import { useMemo } from "preact/hooks";
import { usePolled } from "../live/polled.ts";
import { type RelabelStep, stepsShape } from "../live/shapes.ts";
import { Inline, LabelName, Value } from "../parts/value.tsx";
import { type LabelDifference, labelDifferences } from "../pure/labels.ts";
import { grouped } from "../pure/time.ts";

type Labels = Readonly<Record<string, string>>;

/** What each rule of the job does to a target's labels, one after another. */
export const Steps = ({ job, labels }: { job: string; labels: Labels }) => {
  const asked = useMemo(() => JSON.stringify(labels), [labels]);
  const path = `api/v1/targets/relabel_steps?${new URLSearchParams({ scrapePool: job, labels: asked })}`;
  const isTooLong = path.length > longestAddress;
  const { data, error, isOld } = usePolled(isTooLong ? undefined : path, stepsShape, 15_000);
  if (isTooLong) {
    return (
      <p class="soft">
        These labels are too long for a question to the server ({grouped(asked.length)} characters); the list
        of targets above says what became of the target.
      </p>
    );
  }
  if (error !== "") return <p class="fault">{error}</p>;
  if (data === undefined || isOld) return <p class="soft">Asking the server…</p>;
  if (data.steps.length === 0)
    return <p class="soft">This job has no relabelling rules: every target is kept.</p>;
  return <StepList steps={data.steps} labels={labels} />;
};

/** Gateways and Node refuse longer ones. */
const longestAddress = 9000;

const StepList = ({ steps, labels }: { steps: readonly RelabelStep[]; labels: Labels }) => {
  const end = steps.findIndex(({ keep }) => !keep);
  return (
    <ol class="steps">
      {steps.map((step, index) => {
        const isBehind = end !== -1 && index > end;
        const before = index === 0 ? labels : (steps[index - 1]?.output ?? {});
        return (
          <li key={index} class={isBehind ? "step behind" : index === end ? "step drops" : "step"}>
            <Rule rule={step.rule} />
            {index === end && <p class="verdict">Dropped here.</p>}
            {isBehind && <p class="verdict soft">Not reached.</p>}
            {step.keep && <Effect rule={step.rule} differences={labelDifferences(before, step.output)} />}
          </li>
        );
      })}
    </ol>
  );
};

const Effect = ({
  rule,
  differences,
}: {
  rule: RelabelStep["rule"];
  differences: readonly LabelDifference[];
}) => {
  const told = differences.filter(({ mark }) => mark !== "same");
  if (told.length === 0)
    return <p class="verdict soft">{choosing.has(String(rule.action)) ? "Kept." : "Changes nothing."}</p>;
  return (
    <ul class="differences">
      {told.map((difference) => (
        <li key={difference.name} class={`difference ${difference.mark}`}>
          <span class="mark">{difference.mark}</span>
          <LabelName name={difference.name} />
          <span class="difference-value">
            {difference.before !== undefined && (
              <del>
                <Value text={difference.before} />
              </del>
            )}
            {difference.after !== undefined && (
              <ins>
                <Value text={difference.after} />
              </ins>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
};

/** Actions that decide about the whole target. */
const choosing = new Set(["keep", "drop", "keepequal", "dropequal"]);

/** The rule as the configuration has it, what is only a default left out. */
const Rule = ({ rule }: { rule: RelabelStep["rule"] }) => {
  const { action, ...rest } = rule;
  const settings = Object.entries(rest).filter(([key, value]) => defaults[key] !== value);
  return (
    <p class="rule">
      <strong>{String(action)}</strong>
      {settings.map(([key, value]) => (
        <span key={key} class="setting">
          <span class="setting-name">{key}</span> <Inline text={shown(value)} most={160} />
        </span>
      ))}
    </p>
  );
};

const defaults: Readonly<Record<string, unknown>> = { separator: ";", regex: "(.*)", replacement: "$1" };

const shown = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(String).join(", ")
    : typeof value === "string"
      ? value
      : JSON.stringify(value);
