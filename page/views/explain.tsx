import { useEffect, useState } from "preact/hooks";
import { goTo } from "../live/place.ts";
import { usePolled } from "../live/polled.ts";
import { type ExplainAnswer, explainShape } from "../live/shapes.ts";
import { JobSelect } from "../parts/jobselect.tsx";
import { Inline, Value } from "../parts/value.tsx";
import { formatPlace, type Place } from "../pure/route.ts";
import { ExplainTargets } from "./explaintargets.tsx";

/** Why an object is a target, or is not: a sentence for each job, and the steps that led to it. */
export const ExplainView = ({ place, jobs }: { place: Place; jobs: readonly string[] }) => {
  const { object = "", job = "" } = place.asked;
  const query = new URLSearchParams({ object, ...(job === "" ? {} : { job }) });
  const { data, error, isOld } = usePolled(
    object === "" ? undefined : `api/v1/explain?${query}`,
    explainShape,
  );
  const show = (asked: Record<string, string>) => goTo({ ...place, asked: { ...place.asked, ...asked } });
  return (
    <div class="sheet">
      <h1 class="view-title">Why is it a target, or why not?</h1>
      <ExplainForm object={object} job={job} jobs={jobs} onAsk={show} />
      {error !== "" && (
        <p class="fault" role="alert">
          {error}
        </p>
      )}
      {object !== "" && error === "" && (data === undefined || isOld) && (
        <p class="waiting">Asking the server…</p>
      )}
      <div aria-live="polite">
        {object !== "" && !isOld && data !== undefined && <Answers answers={data.answers} object={object} />}
      </div>
    </div>
  );
};

/** In full those of jobs that look for such a thing at all; of the others, if there are any in full, only the sentence. */
const Answers = ({ answers, object }: { answers: readonly ExplainAnswer[]; object: string }) => {
  const telling = answers.filter(({ reason }) => !strangers.has(reason));
  const others = telling.length === 0 ? [] : answers.filter(({ reason }) => strangers.has(reason));
  if (answers.length === 0) return <p class="waiting">No job looks for such a thing.</p>;
  return (
    <>
      {(telling.length === 0 ? answers : telling).map((answer) => (
        <Answer key={answer.job} answer={answer} object={object} />
      ))}
      {others.length > 0 && (
        <details class="answer others">
          <summary>
            {others.length === 1 ? "Another job does" : `${others.length} other jobs do`} not look for such a
            thing
          </summary>
          <ul>
            {others.map(({ job, sentence }) => (
              <li key={job}>
                <Value text={sentence} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
};

/** Reasons of jobs whose discovery makes no targets of this kind of object, or none at all. */
const strangers: ReadonlySet<string> = new Set(["role_mismatch", "no_discovery"]);

interface FormProperties {
  readonly object: string;
  readonly job: string;
  readonly jobs: readonly string[];
  readonly onAsk: (asked: { object: string; job: string }) => void;
}

const ExplainForm = ({ object, job, jobs, onAsk }: FormProperties) => {
  const [typed, setTyped] = useState(object);
  useEffect(() => setTyped(object), [object]);
  return (
    <form
      class="toolbar explain-form"
      onSubmit={(event) => {
        event.preventDefault();
        onAsk({ object: typed.trim(), job });
      }}
    >
      <label class="field search">
        <span>Object, address or selector</span>
        <input
          value={typed}
          placeholder={'pod/shop/api-0   10.0.0.7:8080   {namespace="shop"}'}
          spellcheck={false}
          autocomplete="off"
          autocapitalize="off"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      <JobSelect
        jobs={jobs}
        job={job}
        all="Every job"
        onChange={(chosen) => onAsk({ object: typed.trim(), job: chosen })}
      />
      <button type="submit" class="primary">
        Explain
      </button>
    </form>
  );
};

const Answer = ({ answer, object }: { answer: ExplainAnswer; object: string }) => (
  <article class={`answer verdict-${answer.verdict.replace(" ", "-")}`} aria-label={answer.job}>
    <p class="answer-head">
      <span class="answer-verdict">{answer.verdict}</span> in job{" "}
      <a href={formatPlace({ view: "targets", job: answer.job, asked: {} })}>
        <Inline text={answer.job} most={80} />
      </a>
      <code class="reason-code">{answer.reason}</code>
    </p>
    <p class="sentence">
      <Value text={answer.sentence} />
    </p>
    <ol class="road">
      {answer.steps.map(({ step, ok, detail }) => (
        <li key={step} class={ok === true ? "done" : ok === false ? "failed" : "unknown"}>
          <span class="sign" aria-hidden="true">
            {ok === true ? "✓" : ok === false ? "✕" : "·"}
          </span>
          <span class="road-step">
            {step}
            <span class="visually-hidden">
              {ok === true ? " yes: " : ok === false ? " no: " : " not reached: "}
            </span>
          </span>
          <span class="road-detail">{detail === "" ? "–" : <Value text={detail} />}</span>
        </li>
      ))}
    </ol>
    <ExplainTargets answer={answer} />
    {isSource.test(object) && (
      <p class="detail-links">
        <a href={formatPlace({ view: "changes", job: "", asked: { job: answer.job, source: object } })}>
          Its changes
        </a>
      </p>
    )}
  </article>
);

/** `pod/shop/web-1`: how the source of a pod is called, too. */
const isSource = /^[a-z]+\/[^/]+\/[^/]+$/;
