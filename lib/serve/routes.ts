import type { Plan, PlanReader } from "../discovery/current.ts";
import { type Access, loopbackAccess } from "../door/access.ts";
import { refusal } from "../door/admit.ts";
import { type Answer, failure, text } from "../door/answer.ts";
import { type Request, readRequest } from "../door/request.ts";
import { claimsRoute } from "./claims.ts";
import { overviewRoute } from "./overview.ts";
import { readiness } from "./ready.ts";
import type { Route, ServeParts } from "./route.ts";
import { sdRoute } from "./sd.ts";
import { metricsRoute, providersRoute } from "./status.ts";
import { visiblePlan } from "./visible.ts";

/** Every path that needs admission; the first that fits answers. */
const routes: readonly Route[] = [sdRoute, claimsRoute, providersRoute, metricsRoute, overviewRoute];

/** Answers what scrapers and people ask of the door (design §3.4). */
export const createServe = (parts: ServeParts & { readonly plan: PlanReader }) => {
  let served = "";
  const forgetOthers = ({ hash, providers }: Plan) => {
    if (hash !== served) parts.lists.keepOnly(new Set(providers.map(({ id }) => id)));
    served = hash;
  };
  return async (event: unknown): Promise<Answer> => {
    const request = readRequest(event);
    if (request.path === "-/healthy") return text(200, "Rollcall is healthy.\n");
    if (request.path === "-/ready") return readiness(parts);
    const refused = refusal(request);
    if (refused !== undefined) return failure(403, "forbidden", refused);
    const plan = await parts.plan();
    if (plan === undefined) return failure(503, "unavailable", "no configuration has been accepted yet");
    forgetOthers(plan);
    return answer(request, plan, { access: loopbackAccess, parts });
  };
};

const answer = async (
  request: Request,
  plan: Plan,
  { access, parts }: { access: Access; parts: ServeParts },
): Promise<Answer> => {
  const { path } = request;
  const route = routes.find((one) =>
    one.path.endsWith("/") ? path.startsWith(one.path) : path === one.path,
  );
  if (route === undefined) return failure(404, "not_found", `no such path: /${path}; / lists what there is`);
  const asked = {
    request,
    plan: visiblePlan(plan, access),
    access,
    rest: path.slice(route.path.length),
  };
  return route.answer(asked, parts);
};
