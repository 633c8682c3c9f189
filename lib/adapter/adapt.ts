import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Answer, type BalancerAnswer, failed, present } from "./api/answer.ts";
import { cannotFetch } from "./api/custom.ts";
import { type ApiRequest, readApiRequest } from "./api/request.ts";
import { type AdapterParts, answerApi, isHealth } from "./api/routes.ts";
import { internalError } from "./api/status.ts";
import { TooLate, within } from "./deadline.ts";
import type { OpenedAdapter } from "./open.ts";

export interface AdaptParts {
  /** Those of the accepted configuration. */
  readonly adapters: () => Promise<readonly OpenedAdapter[]>;
  readonly hosted: (adapter: OpenedAdapter) => AdapterParts;
  /** Bytes of the largest answer that whoever hands it on takes; undefined: any. */
  readonly most: number | undefined;
  /** Milliseconds that a request has as a whole; `requestPatience` unless given. */
  readonly patience?: number;
  readonly log: Log;
}

/**
 * The Kubernetes metrics APIs of every cluster that has an adapter (design §3.7). Which cluster is meant is told by the name that is asked, `Host`: the aggregator's
 * TLS name is alike everywhere (spec B10). It only chooses whose rules and whose authorities count.
 */
export const createAdapt =
  ({ adapters, hosted, most, patience = requestPatience, log }: AdaptParts) =>
  async (event: unknown): Promise<BalancerAnswer> => {
    const request = readApiRequest(event);
    const answered = (answer: Answer) => present(request, answer, most);
    if (isHealth(request.path)) return answered({ code: 200, text: "ok" });
    const answering = async (signal: AbortSignal): Promise<Answer> => {
      const asked = (await adapters()).find(({ settings }) => isAsked(settings, request));
      if (asked === undefined) return { code: 421, text: "no cluster has its metrics under this name\n" };
      return answerApi(request, { ...hosted(asked), signal });
    };
    try {
      return answered(await within(patience, answering));
    } catch (error) {
      log.error("a metrics API request has no answer", { path: request.path, reason: reasonOf(error) });
      const isLate = error instanceof TooLate;
      return answered(failed(internalError(isLate ? cannotFetch : "the request could not be answered")));
    }
  };

/** Milliseconds: the function itself has 29 seconds, and an answer of its own says more than none. */
const requestPatience = 24_000;

/** A listener of the local run is for those that name it, and by itself for one without a host. */
const isAsked = ({ host, listen }: OpenedAdapter["settings"], request: ApiRequest): boolean =>
  request.listen === undefined
    ? host !== "" && host === request.host
    : listen === request.listen && (host === "" || host === request.host);

/** What an Application Load Balancer takes of a function (Elastic Load Balancing's guide, "Lambda functions as targets"): 1 MB of JSON, taken as the smaller one. */
export const balancerMost = 1_000_000;
