import { useRef } from "preact/hooks";
import { useWidth } from "../live/width.ts";
import { inUnit } from "../pure/amount.ts";
import { timeTicks, timeWords } from "../pure/chart.ts";
import { pathOf, type Scale, scaleOf, valueAt } from "../pure/linechart.ts";
import { clockTime } from "../pure/time.ts";
import type { ChartData } from "../pure/usage.ts";

interface Properties {
  readonly chart: ChartData;
  /** Unix seconds; the same for all charts of a view. */
  readonly span: { readonly since: number; readonly until: number };
  /** When there are points, ascending. */
  readonly times: readonly number[];
  /** The time that is looked at; undefined: the last. */
  readonly at: number | undefined;
  readonly onLook: (at: number | undefined) => void;
  /** Seconds without a point that a line does not bridge. */
  readonly gap: number;
}

/** Lines over time with levels that they are to stay below. The pointer, or the arrow keys, look at a time. */
export const LineChart = ({ chart, span, times, at, onLook, gap }: Properties) => {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const scale = scaleOf(chart, span);
  const x = (time: number) =>
    left + ((time - span.since) / (span.until - span.since)) * (width - left - right);
  const y = (value: number) => height - bottom - (value / scale.top) * (height - top - bottom);
  const looked = at ?? span.until;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") return onLook(undefined);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = times.findLastIndex((time) => time <= looked) + step;
    onLook(times[Math.max(0, Math.min(times.length - 1, index))]);
  };
  const onPointerMove = (event: PointerEvent) => {
    const across = event.clientX - (box.current?.getBoundingClientRect().left ?? 0) - left;
    const time = span.since + (across / (width - left - right)) * (span.until - span.since);
    onLook(nearest(times, time));
  };
  return (
    <figure class="line-chart">
      <figcaption>
        <h2>{chart.title}</h2>
        <Legend chart={chart} at={looked} scale={scale} />
      </figcaption>
      <div
        ref={box}
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label={`${chart.title} over time; left and right look at a time`}
        aria-valuemin={span.since}
        aria-valuemax={span.until}
        aria-valuenow={looked}
        aria-valuetext={spoken(chart, scale, looked)}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => onLook(undefined)}
        onBlur={() => onLook(undefined)}
      >
        {width > 0 && <Drawing chart={chart} scale={scale} place={{ width, x, y, gap }} at={at} />}
      </div>
    </figure>
  );
};

const nearest = (times: readonly number[], wanted: number): number | undefined =>
  times.reduce<number | undefined>(
    (best, time) => (best === undefined || Math.abs(time - wanted) < Math.abs(best - wanted) ? time : best),
    undefined,
  );

const spoken = ({ lines, levels }: ChartData, { unit }: Scale, at: number): string => {
  const told = lines.flatMap(({ name, points }) => {
    const value = valueAt(points, at);
    return value === undefined ? [] : [`${name} ${inUnit(unit, value)}`];
  });
  const bounds = levels.map(({ name, value }) => `${name} ${inUnit(unit, value)}`);
  return `${clockTime(at * 1000, Date.now())}: ${[...told, ...bounds].join(", ")}`;
};

/** CSS pixels. */
const height = 190;
const left = 70;
const right = 6;
const top = 8;
const bottom = 22;

const Legend = ({ chart, at, scale }: { chart: ChartData; at: number; scale: Scale }) => (
  <ul class="line-legend">
    {chart.lines.map(({ name, tone, points }) => {
      const value = valueAt(points, at);
      return (
        <li key={name} class={`key-${tone}`}>
          {name} <strong>{value === undefined ? "–" : inUnit(scale.unit, value)}</strong>
        </li>
      );
    })}
    {chart.levels.map((level) => (
      <li key={level.name} class={`key-level ${classOf(level.name)}`}>
        {level.name} {inUnit(scale.unit, level.value)}
        {!scale.levels.includes(level) && <span title="higher than the chart"> ↑</span>}
      </li>
    ))}
  </ul>
);

const classOf = (level: string) => `level-${level.split(" ")[0]}`;

interface DrawingProperties {
  readonly chart: ChartData;
  readonly scale: Scale;
  readonly place: {
    readonly width: number;
    readonly x: (at: number) => number;
    readonly y: (value: number) => number;
    readonly gap: number;
  };
  readonly at: number | undefined;
}

const Drawing = ({ chart, scale, place, at }: DrawingProperties) => {
  const { width, x, y, gap } = place;
  const { since, until } = scale;
  const offset = new Date(since * 1000).getTimezoneOffset() * 60_000;
  const span = { since: since * 1000, until: until * 1000 };
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {scale.ticks.map(({ value, text }) => (
        <g key={value} class={value === 0 ? "axis" : "guide"}>
          <line x1={left} x2={width - right} y1={y(value)} y2={y(value)} />
          <text x={left - 8} y={y(value) + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      {timeTicks(span, Math.max(2, Math.floor(width / 110)), offset).map((time) => (
        <text key={time} class="time" x={x(time / 1000)} y={height - 5} text-anchor="middle">
          {timeWords(time, span.until - span.since)}
        </text>
      ))}
      {scale.levels.map(({ name, value }) => (
        <line
          key={name}
          class={`level ${classOf(name)}`}
          x1={left}
          x2={width - right}
          y1={y(value)}
          y2={y(value)}
        />
      ))}
      {chart.lines
        .map(({ name, tone, points }) => {
          const shown = points.filter(([time]) => time >= since);
          return <path key={name} class={`line ${tone}`} d={pathOf(shown, { x, y, gap })} />;
        })
        .reverse()}
      {at !== undefined && <line class="looked" x1={x(at)} x2={x(at)} y1={top} y2={height - bottom} />}
      <Marks chart={chart} at={at ?? until} x={x} y={y} />
    </svg>
  );
};

/** Where each line is at the time that is looked at. */
const Marks = ({
  chart,
  at,
  x,
  y,
}: {
  chart: ChartData;
  at: number;
  x: (at: number) => number;
  y: (value: number) => number;
}) => (
  <>
    {chart.lines.map(({ name, tone, points }) => {
      const point = points.find(([time]) => time === at);
      return (
        point && <circle key={name} class={`mark ${tone}`} cx={x(at)} cy={y(Math.max(0, point[1]))} r={3.5} />
      );
    })}
  </>
);
