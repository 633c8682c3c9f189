import type * as z from "zod";
import type { Query, Server } from "./server.ts";

type Paged = { readonly cursor?: string | null | undefined };

/** Every page of a question, one after another; ends with the cursors, or throws when a server hands out too many. */
export async function* pages<Page extends Paged>(
  server: Server,
  { path, query, shape }: { path: string; query: Query; shape: z.ZodType<Page> },
): AsyncGenerator<Page> {
  let cursor: string | undefined;
  for (let count = 0; count < mostPages; count += 1) {
    const page = await server.get(path, { ...query, cursor }, shape);
    yield page;
    if (!page.cursor) return;
    if (page.cursor === cursor) throw new Error(`${server.url}/${path}: the same cursor came twice`);
    cursor = page.cursor;
  }
  throw new Error(`${server.url}/${path}: more than ${mostPages} pages; narrow the question`);
}

const mostPages = 10_000;
