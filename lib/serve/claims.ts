import { failure, jsonBytes } from "../door/answer.ts";
import type { Route } from "./route.ts";

const hash = /^[0-9a-f]{64}$/;

/** `GET /api/v1/claims/{provider}/{hash}`: a group that travelled by claim check. */
export const claimsRoute: Route = {
  path: "api/v1/claims/",
  answer: async ({ plan, rest }, { blobs }) => {
    const known = plan.providers.some(
      ({ id }) => rest.startsWith(`${id}/`) && hash.test(rest.slice(id.length + 1)),
    );
    const bytes = known ? await blobs.get(`claim/${rest}`) : undefined;
    return bytes === undefined
      ? failure(404, "not_found", "no such claim, or it has expired")
      : jsonBytes(() => [bytes]);
  },
};
