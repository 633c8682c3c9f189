import { useRef } from "preact/hooks";
import { useWidth } from "../live/width.ts";
import { type Bin, niceTicks, timeTicks, timeWords } from "../pure/chart.ts";
import { clockTime, grouped } from "../pure/time.ts";

interface Properties {
  readonly bins: readonly Bin[];
  readonly chosen: Pick<Bin, "from" | "until"> | undefined;
  readonly onChoose: (bin: Pick<Bin, "from" | "until"> | undefined) => void;
}

/**
 * Changes over time: what was added and updated stands above the line, what was removed hangs below it. A click, or the
 * arrow keys, choose a span of time.
 */
export const Chart = ({ bins, chosen, onChoose }: Properties) => {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const chosenAt = bins.findIndex(({ from }) => from === chosen?.from);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") return onChoose(undefined);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const from = chosenAt === -1 ? (step < 0 ? bins.length : -1) : chosenAt;
    onChoose(bins[Math.max(0, Math.min(bins.length - 1, from + step))]);
  };
  const onClick = (event: MouseEvent) => {
    const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0) - left;
    const at = Math.floor((x / (width - left)) * bins.length);
    onChoose(at === chosenAt ? undefined : bins[at]);
  };
  return (
    <div
      ref={box}
      class="chart"
      role="slider"
      tabIndex={0}
      aria-label="Changes over time; left and right choose a span"
      aria-valuemin={0}
      aria-valuemax={bins.length - 1}
      aria-valuenow={Math.max(0, chosenAt)}
      aria-valuetext={spoken(bins, chosenAt)}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      {width > 0 && bins.length > 0 && <Drawing bins={bins} width={width} chosenAt={chosenAt} />}
      <p class="legend" aria-hidden="true">
        <span class="key-added">added</span> <span class="key-updated">updated</span>{" "}
        <span class="key-removed">removed</span>
      </p>
    </div>
  );
};

const spoken = (bins: readonly Bin[], chosenAt: number): string => {
  const bin = bins[chosenAt];
  if (bin !== undefined) return told(bin);
  const sum = (key: "added" | "updated" | "removed") => bins.reduce((all, one) => all + one[key], 0);
  return `${sum("added")} added, ${sum("updated")} updated, ${sum("removed")} removed in all`;
};

const told = ({ from, until, added, updated, removed }: Bin): string => {
  const now = Date.now();
  const when = `${clockTime(from, now)} to ${clockTime(until, now)}`;
  return `${when}: ${added} added, ${updated} updated, ${removed} removed`;
};

interface DrawingProperties {
  readonly bins: readonly Bin[];
  readonly width: number;
  readonly chosenAt: number;
}

/** CSS pixels. */
const height = 190;
const left = 40;
const bottom = 22;
const top = 8;

const Drawing = ({ bins, width, chosenAt }: DrawingProperties) => {
  const most = (of: (bin: Bin) => number) => bins.reduce((largest, bin) => Math.max(largest, of(bin)), 0);
  const ticks = niceTicks(
    { above: most(({ added, updated }) => added + updated), below: most(({ removed }) => removed) },
    4,
  );
  const above = ticks[ticks.length - 1] ?? 1;
  const unit = (height - top - bottom) / (above - (ticks[0] ?? 0));
  const zero = top + above * unit;
  const since = bins[0]?.from ?? 0;
  const until = bins[bins.length - 1]?.until ?? 1;
  const x = (at: number) => left + ((at - since) / (until - since)) * (width - left);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {ticks.map((tick) => (
        <g key={tick} class={tick === 0 ? "axis" : "guide"}>
          <line x1={left} x2={width} y1={zero - tick * unit} y2={zero - tick * unit} />
          <text x={left - 8} y={zero - tick * unit + 4} text-anchor="end">
            {grouped(Math.abs(tick))}
          </text>
        </g>
      ))}
      {timeTicks(
        { since, until },
        Math.max(2, Math.floor(width / 130)),
        new Date(since).getTimezoneOffset() * 60_000,
      ).map((at) => (
        <text key={at} class="time" x={x(at)} y={height - 5} text-anchor="middle">
          {timeWords(at, until - since)}
        </text>
      ))}
      {bins.map((bin, index) => (
        <Bar
          key={bin.from}
          bin={bin}
          x={x(bin.from)}
          width={x(bin.until) - x(bin.from)}
          zero={zero}
          unit={unit}
          isChosen={index === chosenAt}
        />
      ))}
    </svg>
  );
};

interface BarProperties {
  readonly bin: Bin;
  readonly x: number;
  readonly width: number;
  readonly zero: number;
  readonly unit: number;
  readonly isChosen: boolean;
}

const Bar = ({ bin, x, width, zero, unit, isChosen }: BarProperties) => {
  const gap = width > 5 ? 1.5 : 0.5;
  const across = { x: x + gap / 2, width: Math.max(1, width - gap) };
  const addedTop = zero - bin.added * unit;
  return (
    <g class={isChosen ? "bar chosen" : "bar"}>
      <title>{told(bin)}</title>
      <rect class="whole" x={x} width={width} y={top} height={height - top - bottom} />
      {bin.added > 0 && <rect class="added" {...across} y={addedTop} height={bin.added * unit} />}
      {bin.updated > 0 && (
        <rect class="updated" {...across} y={addedTop - bin.updated * unit} height={bin.updated * unit} />
      )}
      {bin.removed > 0 && <rect class="removed" {...across} y={zero} height={bin.removed * unit} />}
    </g>
  );
};
