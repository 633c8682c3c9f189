import * as z from "zod";
import { type Answer, PrometheusFailure, type Sample, type Series } from "./prometheus.ts";

/**
 * What Prometheus's API says of a request (spec B3): its data, or PrometheusFailure is thrown. A success under an error's
 * status is refused, as Prometheus's own client does: whoever wrote it has looked at nothing.
 */
export const dataOf = ({
  code,
  text,
}: {
  readonly code: number;
  readonly text: string;
}): { readonly data: unknown; readonly warnings: readonly string[] } => {
  const { status, data, error, errorType, warnings } = checked(envelope, parsed(text));
  // 206 is a part of what there is, which nobody has asked for.
  if (status === "success" && (code > 299 || code === 206))
    throw new PrometheusFailure(`the answer's status is ${code}, but it says success`);
  if (status === "success") return { data, warnings: warnings ?? [] };
  throw new PrometheusFailure(`${errorType ?? "error"}: ${oneLine(error ?? "")}`);
};

/** A null is an answer of nothing, which no server gives that has looked: what was known stays (spec B4). */
export const seriesOf = (data: unknown): Series[] =>
  checked(z.array(labels), data).map(({ __name__: name = "", ...rest }) => ({ name, labels: rest }));

/** Of vector, scalar and matrix; anything else is none that an adapter could use. */
export const answerOf = (data: unknown): Answer => {
  const { resultType, result } = checked(queried, data);
  if (resultType === "scalar") {
    const [at, value] = checked(point, result);
    return { type: "scalar", at, value: numberOf(value) };
  }
  if (resultType === "matrix") {
    const samples = listIn(range, result).flatMap(({ metric, values }) => values.map(sampleOf(metric)));
    return { type: "matrix", samples };
  }
  if (resultType !== "vector")
    throw new PrometheusFailure(`unexpected value type ${JSON.stringify(resultType)}`);
  // A native histogram has no value of its own.
  const samples = listIn(instant, result).flatMap(({ metric, value }) =>
    value === undefined ? [] : sampleOf(metric)(value),
  );
  return { type: "vector", samples };
};

/** Go writes null for a list that was never begun. */
const listIn = <T>(schema: z.ZodType<T>, result: unknown): readonly T[] =>
  result === null ? [] : checked(z.array(schema), result);

const labels = z.record(z.string(), z.string());
const point = z.tuple([z.number(), z.string()]);
const instant = z.object({ metric: labels, value: point.optional() });
const range = z.object({ metric: labels, values: z.array(point).default([]) });
const queried = z.object({ resultType: z.string(), result: z.unknown() });
const envelope = z.object({
  status: z.enum(["success", "error"]),
  data: z.unknown().optional(),
  error: z.string().nullish(),
  errorType: z.string().nullish(),
  warnings: z.array(z.string()).nullish(),
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // A parser quotes the document.
    throw new PrometheusFailure("the answer is no JSON");
  }
};

const checked = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  // A label's name may be anything, and of any length.
  const place = oneLine(issue?.path.join(".") ?? "") || "it";
  throw new PrometheusFailure(`the answer is none of Prometheus's: ${place}: ${issue?.message}`);
};

const sampleOf =
  (metric: Readonly<Record<string, string>>) =>
  ([at, value]: readonly [number, string]): Sample => ({ labels: metric, at, value: numberOf(value) });

/** As Go writes floats, the special ones among them. */
const numberOf = (text: string): number => {
  const special = specials.get(text);
  if (special !== undefined) return special;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text))
    throw new PrometheusFailure(`a sample's value ${JSON.stringify(text.slice(0, 40))} is no number`);
  return Number(text);
};

const specials = new Map([
  ["NaN", Number.NaN],
  ["+Inf", Number.POSITIVE_INFINITY],
  ["Inf", Number.POSITIVE_INFINITY],
  ["-Inf", Number.NEGATIVE_INFINITY],
]);

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim().slice(0, 300);
