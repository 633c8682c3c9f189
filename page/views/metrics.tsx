import { useEffect, useRef, useState } from "preact/hooks";
import { goTo, refine } from "../live/place.ts";
import { longest, type Used, useUsage, usualLimit } from "../live/usage.ts";
import { Inline } from "../parts/value.tsx";
import { spanOf, timesOf } from "../pure/linechart.ts";
import { formatPlace, type Place } from "../pure/route.ts";
import { clockTime, duration } from "../pure/time.ts";
import { chartsOf, type Kind, kindOf, nameOf, type Subject, subjectIn, wayTo } from "../pure/usage.ts";
import { LineChart } from "./linechart.tsx";
import { NoMetrics } from "./nometrics.tsx";
import { UsageParts } from "./usageparts.tsx";

/** What a cluster uses, and from there down to its containers, or to its nodes. */
export const MetricsView = ({ place }: { place: Place }) => {
  const subject = subjectIn(place.asked);
  const sort = place.asked.sort ?? "cpu";
  const [limit, setLimit] = useState(usualLimit);
  const used = useUsage(subject, { sort: sort === "cpu" ? "" : sort, limit });
  const { data, error } = used;
  const here = { ...subject, cluster: subject.cluster || (data?.cluster ?? "") };
  const title = useTitle(here, () => setLimit(usualLimit));
  const isNothing = data !== undefined && data.state !== "ready";
  return (
    <div class="sheet metrics">
      {!isNothing && <Way subject={here} clusters={data?.clusters ?? []} />}
      <h1 class="view-title" ref={title} tabIndex={-1}>
        {isNothing || nameOf(here) === "" ? (
          "Cluster metrics"
        ) : (
          <>
            {words[kindOf(here)]} <Inline text={nameOf(here)} most={100} />
          </>
        )}
      </h1>
      {error !== "" && (
        <p class="fault" role="alert">
          {error}
        </p>
      )}
      {data === undefined && error === "" && <p class="waiting">Asking the server…</p>}
      {data !== undefined && isNothing && <NoMetrics state={data.state} resolution={data.resolution} />}
      {data !== undefined && !isNothing && (
        <>
          <Freshness used={used} subject={here} />
          <Charts key={JSON.stringify(here)} used={used} />
          {data.parts.map((list) => (
            <UsageParts
              key={list.kind}
              subject={here}
              list={list}
              sort={sort}
              onSort={(key) =>
                refine({ ...place, asked: { ...place.asked, sort: key === "cpu" ? "" : key } })
              }
              onMore={() => setLimit(Math.min(mostParts, limit * 3))}
            />
          ))}
        </>
      )}
    </div>
  );
};

/** As many as the server tells. */
const mostParts = 1000;

const words: Readonly<Record<Kind, string>> = {
  cluster: "Cluster",
  node: "Node",
  namespace: "Namespace",
  pod: "Pod",
  container: "Container",
  system: "Program",
};

/** Whoever went on to another subject reads on at its name; the link that led there is gone. */
const useTitle = (subject: Subject, onOther: () => void) => {
  const title = useRef<HTMLHeadingElement>(null);
  const key = JSON.stringify({ ...subject, cluster: "" });
  const shown = useRef(key);
  useEffect(() => {
    const name = kindOf(subject) === "cluster" ? "" : `${nameOf(subject)} – `;
    document.title = `${name}Metrics – Rollcall`;
    if (shown.current === key) return;
    shown.current = key;
    onOther();
    window.scrollTo(0, 0);
    title.current?.focus({ preventScroll: true });
  }, [key]);
  return title;
};

/** The way here, each step of it a link, and the choice of the cluster where there are several. */
const Way = ({ subject, clusters }: { subject: Subject; clusters: readonly string[] }) => {
  const way = wayTo(subject);
  return (
    <div class="way">
      <nav aria-label="Where this is">
        <ol>
          {way.map((step, index) => {
            const name = nameOf(step) === "" ? "Cluster" : nameOf(step);
            const isHere = index === way.length - 1;
            return (
              <li key={index}>
                <a
                  href={formatPlace({ view: "metrics", job: "", asked: { ...step } })}
                  aria-current={isHere ? "page" : undefined}
                >
                  <Inline text={name} most={60} />
                </a>
              </li>
            );
          })}
        </ol>
      </nav>
      {clusters.length > 1 && (
        <label class="field">
          <span>Cluster</span>
          <select
            value={subject.cluster}
            onChange={(event) =>
              goTo({ view: "metrics", job: "", asked: { cluster: event.currentTarget.value } })
            }
          >
            {(clusters.includes(subject.cluster) ? clusters : [subject.cluster, ...clusters]).map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
};

const Freshness = ({ used: { data }, subject }: { used: Used; subject: Subject }) => {
  if (data === undefined) return null;
  const { at, resolution, node } = data;
  return (
    <p class="soft freshness">
      {node !== "" && (
        <>
          On node{" "}
          <a href={formatPlace({ view: "metrics", job: "", asked: { cluster: subject.cluster, node } })}>
            <Inline text={node} most={60} />
          </a>
          .{" "}
        </>
      )}
      As of {clockTime(Date.parse(at), Date.now())}, measured every {duration(resolution)}.
    </p>
  );
};

const Charts = ({ used: { data, series } }: { used: Used }) => {
  const [at, look] = useState<number>();
  if (data === undefined) return null;
  const charts = chartsOf(data, series);
  if (charts.length === 0)
    return <p class="nothing">Rates need two measurements; the second is on its way.</p>;
  const span = spanOf(charts, { least: Math.max(120, 2 * data.resolution), most: longest });
  const times = timesOf(charts).filter((time) => time >= span.since);
  const gap = 2.5 * data.resolution;
  return (
    <div class="line-charts">
      {charts.map((chart) => (
        <LineChart
          key={chart.title}
          chart={chart}
          span={span}
          times={times}
          at={at}
          onLook={look}
          gap={gap}
        />
      ))}
    </div>
  );
};
