import { useEffect, useRef } from "preact/hooks";
import type { Target } from "../live/shapes.ts";
import { StateMark } from "../parts/health.tsx";
import { Inline, LabelName, Value } from "../parts/value.tsx";
import { formatPlace } from "../pure/route.ts";
import { keyOf } from "../pure/targetkey.ts";
import { Steps } from "./steps.tsx";

type Tab = "labels" | "steps";

interface Properties {
  readonly target: Target;
  readonly job: string;
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly onClose: () => void;
  readonly onMatch: (name: string, value: string) => void;
}

/** One target in full. Escape closes it and gives the focus back to the table. */
export const Detail = ({ target, job, tab, onTab, onClose, onMatch }: Properties) => {
  const address = target.discoveredLabels.__address__ ?? "";
  const close = () => {
    onClose();
    document.querySelector<HTMLElement>(".grid")?.focus();
  };
  return (
    <aside
      class="detail"
      aria-label="One target"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <header class="detail-head">
        <Heading key={keyOf(target)} address={address} />
        <StateMark state={target.state} />
        <button type="button" class="quiet close" onClick={close}>
          <span aria-hidden="true">×</span>
          <span class="visually-hidden">Close</span>
        </button>
      </header>
      {target.reason !== "" && (
        <p class="detail-reason">
          <Value text={target.reason} />
        </p>
      )}
      <Facts target={target} job={job} />
      <Tabs tab={tab} onTab={onTab} />
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "labels" ? (
          <SideBySide target={target} onMatch={onMatch} />
        ) : (
          <Steps job={job} labels={target.discoveredLabels} />
        )}
      </div>
    </aside>
  );
};

const Tabs = ({ tab, onTab }: Pick<Properties, "tab" | "onTab">) => (
  <div class="tabs" role="tablist" aria-label="About this target">
    {(["labels", "steps"] as const).map((one) => (
      <button
        key={one}
        type="button"
        role="tab"
        id={`tab-${one}`}
        aria-selected={one === tab}
        aria-controls="tab-panel"
        onClick={() => onTab(one)}
      >
        {one === "labels" ? "Labels" : "Relabel steps"}
      </button>
    ))}
  </div>
);

/** Whoever opened a target by key reads on here. */
const Heading = ({ address }: { address: string }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (matchMedia("(max-width: 1080px)").matches) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      <Inline text={address === "" ? "(no address)" : address} most={200} />
    </h2>
  );
};

const Facts = ({ target, job }: { target: Target; job: string }) => {
  const object = target.source === "" ? (target.discoveredLabels.__address__ ?? "") : target.source;
  return (
    <>
      <dl class="facts">
        {target.scrapeUrl !== "" && <Fact name="Scraped at" text={target.scrapeUrl} />}
        <Fact name="Source" text={target.source} />
        <Fact name="Cluster" text={target.cluster} />
        <Fact name="Provider" text={target.provider} />
      </dl>
      <p class="detail-links">
        <a href={formatPlace({ view: "explain", job: "", asked: { object, job } })}>Explain it</a>
        <a href={formatPlace({ view: "changes", job: "", asked: { job, source: target.source } })}>
          Its changes
        </a>
      </p>
    </>
  );
};

const Fact = ({ name, text }: { name: string; text: string }) =>
  text === "" ? null : (
    <div>
      <dt>{name}</dt>
      <dd>
        <Value text={text} />
      </dd>
    </div>
  );

const SideBySide = ({ target, onMatch }: { target: Target; onMatch: Properties["onMatch"] }) => (
  <div class="sides">
    <LabelTable title="Discovered" labels={target.discoveredLabels} onMatch={onMatch} />
    {target.state === "active" || target.state === "duplicate" ? (
      <LabelTable title="Final" labels={target.labels} />
    ) : (
      <section>
        <h3>Final</h3>
        <p class="soft">None: the target was {target.state === "dropped" ? "dropped" : "refused"}.</p>
      </section>
    )}
  </div>
);

interface LabelTableProperties {
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly onMatch?: Properties["onMatch"];
}

const LabelTable = ({ title, labels, onMatch }: LabelTableProperties) => {
  const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <section>
      <h3>
        {title} <span class="count">{entries.length}</span>
      </h3>
      <table class="labels">
        <thead class="visually-hidden">
          <tr>
            <th scope="col">Label</th>
            <th scope="col">Value</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">
                <LabelName name={name} />
              </th>
              <td>
                <Value text={value} />
                {onMatch !== undefined && value.length < 200 && (
                  <button
                    type="button"
                    class="only"
                    title="Show only targets with this value"
                    onClick={() => onMatch(name, value)}
                  >
                    only<span class="visually-hidden"> targets with this value of {name.slice(0, 60)}</span>
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};
