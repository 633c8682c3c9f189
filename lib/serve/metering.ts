import type { Route } from "./route.ts";

/** A route of lists that are counted: those that went out or hold still, their bytes, and those refused for their size or for want of knowledge. */
export const metered = (route: Route): Route => ({
  ...route,
  answer: async (asked, parts) => {
    const answer = await route.answer(asked, parts);
    const { statusCode } = answer;
    parts.meter.add("ListsServed", statusCode < 300 ? 1 : 0);
    // Those of a list are added while it is sent.
    parts.meter.add("ListBytes", 0);
    parts.meter.add("ListsRefused", statusCode === 413 || statusCode === 503 ? 1 : 0);
    return answer;
  },
});
