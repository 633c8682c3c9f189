import { createHash } from "node:crypto";
import document from "../../docs/openapi/openapi.json" with { type: "json" };
import { tagged, text } from "../door/answer.ts";
import type { Route } from "./route.ts";

const body = JSON.stringify(document);
const tag = createHash("sha256").update(body).digest("base64url").slice(0, 22);

/** `GET /api/v1/openapi.json`: what all these routes take and answer. */
export const openApiRoute: Route = {
  path: "api/v1/openapi.json",
  answer: async () => tagged(text(200, body, "application/json"), tag),
};
