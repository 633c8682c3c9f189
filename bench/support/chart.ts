import { init } from "echarts";
import { type Figure, keyOf, power } from "./figure.ts";
import type { Result } from "./result.ts";
import { shown } from "./shown.ts";

/**
 * A result as an SVG picture: a panel for each unit, a line for each figure, a mark for each contender, all on logarithmic
 * axes, since what is compared differs by decades. Readable on light and on dark ground, and without colours.
 */
export const chartOf = ({ bench, says, figures }: Result): string => {
  const panels = panelsOf(figures);
  const height = panels.reduce((sum, panel) => sum + heightOf(panel), top);
  const width = leftOf(panels) + plot + right;
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(optionOf(panels));
    return finished(chart.renderToSVGString(), {
      title: `${bench}: ${says}`,
      text: figures.map(spoken).join("; "),
    });
  } finally {
    chart.dispose();
  }
};

type Unit = Figure["unit"];
interface Panel {
  readonly unit: Unit;
  readonly figures: readonly Figure[];
}

/** Pixels. */
const [plot, right, top, line, axis] = [480, 40, 48, 22, 46];

/** Wide enough for the longest name: a letter is 6.6 pixels on average, and nothing here can measure text. */
const leftOf = (panels: readonly Panel[]): number =>
  16 + 6.6 * Math.max(0, ...panels.flatMap(({ figures }) => figures.map((figure) => keyOf(figure).length)));

/** Zero has no logarithm, and powers are told in words only, as it is. The workloads of one figure stand together. */
const panelsOf = (figures: readonly Figure[]): Panel[] => {
  const drawn = figures.filter(({ ours, at }) => ours > 0 && !at?.startsWith(power));
  return [...Map.groupBy(drawn, ({ unit }) => unit)].map(([unit, of]) => {
    return { unit, figures: [...Map.groupBy(of, ({ name }) => name).values()].flat() };
  });
};

const heightOf = ({ figures }: Panel) => figures.length * line + axis;

const marks = {
  ours: { name: "Rollcall", symbol: "circle", color: "#0969da" },
  prometheus: { name: "Prometheus", symbol: "triangle", color: "#bc4c00" },
  vmagent: { name: "vmagent", symbol: "rect", color: "#8250df" },
  floor: { name: "floor", symbol: "diamond", color: "#1a7f37" },
  target: { name: "target", symbol: "path://M0 0h2v20h-2z", color: "#cf222e" },
} as const;

type Contender = keyof typeof marks;
const contenders = Object.keys(marks) as Contender[];

const placeOf = (figure: Figure, contender: Contender): number | undefined =>
  contender === "target" ? (figure.target?.most ?? figure.target?.least) : figure[contender];

const [ink, rule] = ["#1f2328", "#d1d9e0"];

const optionOf = (panels: readonly Panel[]) => {
  const left = leftOf(panels);
  let y = top;
  const tops = panels.map((panel) => {
    const own = y;
    y += heightOf(panel);
    return own;
  });
  const used = contenders.filter((one) =>
    panels.some((panel) => panel.figures.some((of) => placeOf(of, one))),
  );
  return {
    animation: false,
    textStyle: { fontFamily: "sans-serif", color: ink },
    legend: {
      ...{ top: 8, itemWidth: 12, itemHeight: 12, selectedMode: false, borderColor: rule },
      ...{ textStyle: { color: ink }, data: used.map((one) => marks[one].name) },
    },
    grid: panels.map((panel, at) => ({ top: tops[at], left, right, height: panel.figures.length * line })),
    xAxis: panels.map((panel, at) => xAxis(panel, at)),
    yAxis: panels.map((panel, at) => yAxis(panel, at)),
    series: panels.flatMap((panel, at) => used.map((contender) => seriesOf(panel, { at, contender }))),
  };
};

const xAxis = ({ unit }: Panel, gridIndex: number) => ({
  type: "log",
  gridIndex,
  axisLabel: { color: ink, hideOverlap: true, formatter: (value: number) => shown(value, unit) },
  splitLine: { lineStyle: { color: rule } },
});

const yAxis = ({ figures }: Panel, gridIndex: number) => ({
  type: "category",
  gridIndex,
  inverse: true,
  data: figures.map(keyOf),
  axisLabel: { color: ink, interval: 0 },
  axisTick: { show: false },
  axisLine: { lineStyle: { color: rule } },
  splitLine: { show: true, lineStyle: { color: rule } },
});

const seriesOf = ({ figures }: Panel, { at, contender }: { at: number; contender: Contender }) => {
  const { name, symbol, color } = marks[contender];
  return {
    type: "scatter",
    ...{ name, symbol, xAxisIndex: at, yAxisIndex: at, silent: true, emphasis: { disabled: true } },
    symbolSize: contender === "target" ? [2, line - 4] : contender === "ours" ? 11 : 9,
    itemStyle: { color, opacity: 1 },
    data: figures.map((figure) => [drawable(placeOf(figure, contender)), keyOf(figure)]),
  };
};

const drawable = (value = 0) => (value > 0 ? value : "-");

/** What somebody hears who does not see the picture. */
const spoken = (figure: Figure): string => {
  const told = contenders.flatMap((contender) => {
    const value = contender === "target" ? undefined : figure[contender];
    return value === undefined ? [] : [`${marks[contender].name} ${shown(value, figure.unit)}`];
  });
  return `${keyOf(figure)}: ${told.join(", ")}`;
};

/** Colours of the light ground, and what stands for them on a dark one. */
const dark: Readonly<Record<string, string>> = {
  [ink]: "#e6edf3",
  [rule]: "#3d444d",
  [marks.ours.color]: "#58a6ff",
  [marks.prometheus.color]: "#f0883e",
  [marks.vmagent.color]: "#d2a8ff",
  [marks.floor.color]: "#3fb950",
  [marks.target.color]: "#ff7b72",
};

const finished = (svg: string, { title, text }: { title: string; text: string }): string => {
  const rules = Object.entries(dark).map(
    ([light, on]) => `[fill="${light}"]{fill:${on}}[stroke="${light}"]{stroke:${on}}`,
  );
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join("")}}</style>`;
  const named = `<title id="title">${escaped(title)}</title><desc id="text">${escaped(text)}</desc>`;
  return `${svg
    .replace(/<style >[\s\S]*?<\/style>\s*/g, "")
    .replaceAll(/ (class="zr[^"]*"|ecmeta_\w+="[^"]*"|pointer-events="[^"]*")/g, "")
    .replace(/<svg ([^>]*)>/, `<svg $1 role="img" aria-labelledby="title text">${named}${style}`)
    .trim()}\n`;
};

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
