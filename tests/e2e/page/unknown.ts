import { fine, road, wrong } from "../../../lib/explain/reason.ts";
import type { Question, Reply } from "./server.ts";

/** A job and an object that are in no made-up fleet. */
export const unknownJob = "nobody";
export const unknownObject = "pod/shop/gone";

/** What the server says of these (`lib/serve/ownquery.ts`, `lib/explain/absent.ts`); undefined for everything else. */
export const answerUnknown = ({ path, query }: Question): Reply | undefined => {
  if (query.get("job") === unknownJob)
    return {
      status: 404,
      error: `no such job: ${unknownJob}; there are: nodes, pods, services/slices, swarm`,
    };
  if (path !== "api/v1/explain" || query.get("object") !== unknownObject) return undefined;
  const why = "no look has found it, the last one 4 seconds ago, and history has no removal of it";
  const answer = {
    job: "pods",
    verdict: "not served",
    reason: "never_seen",
    sentence: `${unknownObject} is not served to job pods: ${why}.`,
    steps: road({
      reachable: fine("the last look succeeded 4 seconds ago"),
      allowed: fine(),
      listed: wrong(why),
    }),
    targetCount: 0,
    targets: [],
  };
  return { data: { answers: [answer] } };
};
