import type { ExplainAnswer } from "../live/shapes.ts";
import { LabelName, Value } from "../parts/value.tsx";

/** The targets that an answer is about, closed until somebody wants to see them. */
export const ExplainTargets = ({ answer }: { answer: ExplainAnswer }) => {
  const { targets } = answer;
  if (targets.length === 0) return null;
  return (
    <details class="answer-targets">
      <summary>{targets.length === 1 ? "Its target" : `Its ${targets.length} targets`}</summary>
      {targets.slice(0, mostShown).map(({ discoveredLabels, labels, reason }, index) => (
        <div key={index} class="answer-target">
          {reason !== "" && (
            <p>
              <code class="reason-code">{reason}</code>
            </p>
          )}
          <div class="sides">
            <Labels title="Discovered" labels={discoveredLabels} />
            <Labels title="Final" labels={labels ?? {}} />
          </div>
        </div>
      ))}
      {targets.length > mostShown && <p class="soft">and {targets.length - mostShown} more.</p>}
    </details>
  );
};

const mostShown = 20;

const Labels = ({ title, labels }: { title: string; labels: Readonly<Record<string, string>> }) => (
  <section>
    <h3>{title}</h3>
    {Object.keys(labels).length === 0 ? (
      <p class="soft">None.</p>
    ) : (
      <table class="labels">
        <thead class="visually-hidden">
          <tr>
            <th scope="col">Label</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(labels).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <LabelName name={name} />
              </th>
              <td>
                <Value text={value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
  </section>
);
