import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Whether a request brings the token; "" lets everybody in. */
export const isBearer = ({ headers }: IncomingMessage, token: string): boolean =>
  token === "" || timingSafeEqual(digest(headers.authorization ?? ""), digest(`Bearer ${token}`));

const digest = (text: string) => createHash("sha256").update(text).digest();
