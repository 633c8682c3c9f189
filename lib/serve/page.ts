import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, failure, text } from "../door/answer.ts";
import type { Request } from "../door/request.ts";
import { overviewRoute } from "./overview.ts";
import type { PageFiles, Route } from "./route.ts";

/** `GET /`: the page for a browser; the overview in plain text for everyone else. */
export const pageRoute: Route = {
  path: "",
  answer: async (asked, parts) => {
    const page = wantsPage(asked.request) ? pageAnswer(parts.page, "index.html") : undefined;
    return page ?? overviewRoute.answer(asked, parts);
  },
};

/** `GET /page/{file}`: what the page is made of. */
export const pageFilesRoute: Route = {
  path: "page/",
  answer: async ({ rest }, { page }) =>
    pageAnswer(page, rest) ?? failure(404, "not_found", `no such file of the page: ${rest}`),
};

/** What of the page there is before any configuration was accepted: the page then waits for it by itself. */
export const pageAlone = (request: Request, files: PageFiles | undefined): Answer | undefined => {
  if (request.path === "") return wantsPage(request) ? pageAnswer(files, "index.html") : undefined;
  return request.path.startsWith(pageFilesRoute.path)
    ? pageAnswer(files, request.path.slice(pageFilesRoute.path.length))
    : undefined;
};

/** One file of the page. Scripts and style sheets are named after their content, so a browser may keep them. */
export const pageAnswer = (files: PageFiles | undefined, name: string): Answer | undefined => {
  const content = files?.get(name);
  if (content === undefined) return undefined;
  const { headers, ...answer } = text(200, content, typeOf(name));
  const kept =
    name === "index.html"
      ? {}
      : { "Cache-Control": "private, max-age=31536000, immutable", ETag: `"${name}"` };
  return { ...answer, headers: { ...headers, "Content-Security-Policy": policy, ...kept } };
};

/** Undefined where the page was never built. */
export const readPage = (folder: string): PageFiles | undefined => {
  if (!existsSync(join(folder, "index.html"))) return undefined;
  const names = readdirSync(folder).filter((name) => typeOf(name) !== undefined);
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
};

/** A browser names HTML when a person opens an address; programs say nothing or anything. */
const wantsPage = ({ headers }: Request) => (headers.accept ?? "").toLowerCase().includes("text/html");

const types = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
]);

const typeOf = (name: string) => types.get(/\.[a-z]+$/.exec(name)?.[0] ?? "");

/** Nothing from elsewhere, nothing inline, no text that becomes markup or script on its way into the document. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");
