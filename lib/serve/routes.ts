import type { Plan, PlanReader } from "../discovery/current.ts";
import type { Access } from "../door/access.ts";
import { admit, isRefusal } from "../door/admit.ts";
import { type Answer, failure, text } from "../door/answer.ts";
import { present } from "../door/present.ts";
import { type Request, readRequest } from "../door/request.ts";
import { visiblePlan } from "../door/visible.ts";
import { TooCostlyError } from "../turns.ts";
import { changesRoute } from "./changes.ts";
import { claimsRoute } from "./claims.ts";
import { groupsRoute } from "./groups.ts";
import { metered } from "./metering.ts";
import { pageAlone, pageFilesRoute, pageRoute } from "./page.ts";
import { marked } from "./reading.ts";
import { readiness } from "./ready.ts";
import { relabelStepsRoute } from "./relabelsteps.ts";
import type { Route, ServeParts } from "./route.ts";
import { scrapePoolConfigRoute, scrapePoolsRoute } from "./scrapepools.ts";
import { sdRoute } from "./sd.ts";
import { searchRoute } from "./search.ts";
import { metricsRoute, providersRoute } from "./status.ts";
import { targetsRoute } from "./targets.ts";

/** Asked by people, and seldom: loaded when somebody asks. */
const explainRoute: Route = {
  path: "api/v1/explain",
  answer: async (asked, parts) => (await import("./explain.ts")).answerExplain(asked, parts),
};
const openApiRoute: Route = {
  path: "api/v1/openapi.json",
  answer: async () => (await import("./openapi.ts")).answerOpenApi(),
};

/** Every path that needs admission; the first that fits answers. */
const routes: readonly Route[] = [
  metered(marked(sdRoute)),
  claimsRoute,
  providersRoute,
  targetsRoute,
  relabelStepsRoute,
  scrapePoolsRoute,
  scrapePoolConfigRoute,
  searchRoute,
  groupsRoute,
  changesRoute,
  explainRoute,
  openApiRoute,
  metricsRoute,
  pageRoute,
  pageFilesRoute,
];

/** Answered to everybody. */
const open = new Map<string, (parts: Parameters<typeof readiness>[0]) => Answer | Promise<Answer>>([
  ["-/healthy", () => text(200, "Rollcall is healthy.\n")],
  ["-/ready", readiness],
]);

/** Every path there is, as `Route` has it. */
export const servedPaths: readonly string[] = [...open.keys(), ...routes.map(({ path }) => path)];

/** Answers what scrapers and people ask of the door (design §3.4). */
export const createServe = (parts: ServeParts & { readonly plan: PlanReader }) => {
  let latest: Plan | undefined;
  const serve = async (request: Request, plan: Plan | undefined): Promise<Answer> => {
    const access = admit(request, { tokens: plan?.settings.tokens ?? [], now: parts.clock() });
    if (isRefusal(access)) return access;
    if (plan !== undefined) return answer(request, plan, { access, parts });
    const page = pageAlone(request, parts.page);
    return page ?? failure(503, "unavailable", "no configuration has been accepted yet");
  };
  return async (event: unknown): Promise<Answer> => {
    const request = readRequest(event);
    const opened = open.get(request.path);
    if (opened !== undefined) return opened(parts);
    const before = latest;
    // A list that has not changed costs little but its reads of the table: so they go beside the plan's, which is most often
    // the same as before. What an older plan would have answered or refused counts for nothing.
    const ahead = before && request.path.startsWith(sdRoute.path) ? serve(request, before) : undefined;
    ahead?.catch(() => undefined);
    const plan = await parts.plan();
    if (plan !== undefined && plan.hash !== before?.hash) {
      parts.lists.keepOnly(new Set(plan.providers.map(({ id }) => id)));
    }
    latest = plan;
    return ahead !== undefined && plan?.hash === before?.hash ? ahead : serve(request, plan);
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
  return present(request, await route.answer(asked, parts).catch(tooCostly));
};

/** Prometheus's status for a question that it could not work out. */
const tooCostly = (thrown: unknown): Answer => {
  if (thrown instanceof TooCostlyError) return failure(422, "execution", thrown.message);
  throw thrown;
};
