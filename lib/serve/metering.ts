import type { Route } from "./route.ts";

/** A route of lists that are counted: those that went out or hold still, their bytes, and those refused for their size or for want of knowledge. */
export const metered = (route: Route): Route => ({
  ...route,
  answer: async (asked, parts) => {
    const answer = await route.answer(asked, parts);
    const { statusCode, size = 0 } = answer;
    const isServed = statusCode < 300;
    parts.meter.add("ListsServed", isServed ? 1 : 0);
    parts.meter.add("ListBytes", isServed ? size : 0);
    parts.meter.add("ListsRefused", statusCode === 413 || statusCode === 503 ? 1 : 0);
    return answer;
  },
});
