/** A family of series, as the text exposition format has it. */
export interface Metric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  readonly help: string;
}

export const gauge = (name: string, help: string): Metric => ({ name, type: "gauge", help });
export const counter = (name: string, help: string): Metric => ({ name, type: "counter", help });
export const summary = (name: string, help: string): Metric => ({ name, type: "summary", help });

export interface Series {
  readonly labels?: Readonly<Record<string, string>>;
  /** What a histogram's or a summary's series have behind the metric's name. */
  readonly part?: "_bucket" | "_sum" | "_count";
}

/**
 * Gathers series and writes them in Prometheus's text format (version 0.0.4). Unlike a client library's metrics these are
 * no counters of this process: their values come from the table, histograms included.
 */
export interface Exposition {
  /** Adds to a series, which begins at 0. */
  add(metric: Metric, value: number, series?: Series): void;
  set(metric: Metric, value: number, series?: Series): void;
  text(): string;
}

export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

export const createExposition = (): Exposition => {
  const families = new Map<string, { metric: Metric; series: Map<string, number> }>();
  const seriesOf = (metric: Metric) => {
    const family = families.get(metric.name) ?? { metric, series: new Map<string, number>() };
    families.set(metric.name, family);
    return family.series;
  };
  return {
    add: (metric, value, series = {}) => {
      const name = nameOf(metric, series);
      seriesOf(metric).set(name, (seriesOf(metric).get(name) ?? 0) + value);
    },
    set: (metric, value, series = {}) => {
      seriesOf(metric).set(nameOf(metric, series), value);
    },
    text: () =>
      [...families.values()]
        .map(({ metric, series }) => {
          const lines = [...series].map(([name, value]) => `${name} ${value}\n`);
          return `# HELP ${metric.name} ${escaped(metric.help)}\n# TYPE ${metric.name} ${metric.type}\n${lines.join("")}`;
        })
        .join("\n"),
  };
};

const nameOf = ({ name }: Metric, { labels = {}, part }: Series) => `${name}${part ?? ""}${written(labels)}`;

const written = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${quoted(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
};

const escaped = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");

const quoted = (value: string) => escaped(value).replaceAll('"', '\\"');
