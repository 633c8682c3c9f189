import type { PrometheusSettings } from "../../config/adapters.ts";
import { reasonOf } from "../../errors.ts";
import { placeOf } from "../../http/place.ts";
import { readAll, type Transport } from "../../http/transport.ts";
import { sooner } from "../deadline.ts";
import { answerOf, dataOf, seriesOf } from "./answer.ts";
import { type Prometheus, PrometheusFailure } from "./prometheus.ts";

export interface PrometheusOptions {
  readonly transport: Transport;
  /** Told what the server remarks about its answers. */
  readonly warn?: (place: string, warnings: readonly string[]) => void;
  /** Of each request as a whole. */
  readonly timeoutMilliseconds?: number;
  /** Of one answer after decompression. */
  readonly mostBytes?: number;
}

/** Asks a Prometheus-compatible server (spec B3). Every failure is one line that names the place; a large or slow answer is one too. */
export const createPrometheus = (
  { url, verb }: Pick<PrometheusSettings, "url" | "verb">,
  options: PrometheusOptions,
): Prometheus => {
  const ask = async (path: string, parameters: URLSearchParams, given?: AbortSignal): Promise<unknown> => {
    const place = placeUnder(url, path);
    try {
      const { data, warnings } = dataOf(await answerTo(place, { verb, parameters, options, given }));
      if (warnings.length > 0) options.warn?.(placeOf(place), warnings);
      return data;
    } catch (cause) {
      const reason = reasonOf(cause);
      const named = reason.includes(placeOf(place)) ? reason : `${placeOf(place)}: ${reason}`;
      throw new PrometheusFailure(named, { cause });
    }
  };
  return {
    series: async (selector, start) =>
      named(
        url,
        "api/v1/series",
        seriesOf,
      )(
        await ask(
          "api/v1/series",
          new URLSearchParams([
            ["match[]", selector],
            ["start", String(start)],
          ]),
        ),
      ),
    query: async (promql, at, signal) =>
      named(
        url,
        "api/v1/query",
        answerOf,
      )(await ask("api/v1/query", new URLSearchParams({ query: promql, time: String(at) }), signal)),
  };
};

/** What the answer means; a failure names the place as well. */
const named =
  <T>(url: string, path: string, read: (data: unknown) => T) =>
  (data: unknown): T => {
    try {
      return read(data);
    } catch (cause) {
      throw new PrometheusFailure(`${placeOf(placeUnder(url, path))}: ${reasonOf(cause)}`, { cause });
    }
  };

/** A path prefix stays; a query of the base does not. */
const placeUnder = (base: string, path: string): URL => {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  url.search = "";
  url.hash = "";
  return url;
};

interface Asking {
  readonly verb: PrometheusSettings["verb"];
  readonly parameters: URLSearchParams;
  readonly options: PrometheusOptions;
  readonly given: AbortSignal | undefined;
}

/** Seconds that an HPA would wait, and as many bytes as the series of a very large server have. */
const patience = 25_000;
const largest = 128 * 1024 * 1024;

const answerTo = async (
  place: URL,
  { verb, parameters, options, given }: Asking,
): Promise<{ code: number; text: string }> => {
  const { transport, timeoutMilliseconds = patience, mostBytes = largest } = options;
  const signal = sooner(AbortSignal.timeout(timeoutMilliseconds), given);
  const url = new URL(place);
  const isForm = verb === "POST";
  // A plus is a blank here and a plus to those who check signatures.
  if (!isForm) url.search = String(parameters).replaceAll("+", "%20");
  const form = { body: String(parameters), headers: { "content-type": "application/x-www-form-urlencoded" } };
  const answer = await transport.open(url, {
    method: verb,
    ...(isForm && form),
    hasPublicQuery: true,
    signal,
    timeoutMilliseconds,
  });
  const { status } = answer;
  if ((status < 200 || status > 299) && !explained.has(status)) {
    answer.body.destroy();
    throw new PrometheusFailure(`${status} ${answer.statusText}`.trim());
  }
  return { code: status, text: (await readAll(answer, mostBytes)).toString("utf8") };
};

/** Statuses whose body says more. */
const explained = new Set([400, 422, 503]);
