import { createHash } from "node:crypto";
import document from "../../docs/openapi/openapi.json" with { type: "json" };
import { type Answer, tagged, text } from "../door/answer.ts";

const body = JSON.stringify(document);
const tag = createHash("sha256").update(body).digest("base64url").slice(0, 22);

/** `GET /api/v1/openapi.json`: what all the door's routes take and answer. */
export const answerOpenApi = async (): Promise<Answer> => tagged(text(200, body, "application/json"), tag);
