import { readFileSync } from "node:fs";
import { parse } from "yaml";
import * as z from "zod";
import type { Route } from "../../local/template/events.ts";

const httpEvent = z.object({
  http: z.object({ method: z.string(), path: z.string(), response: z.unknown().optional() }),
});

/** The HTTP events of serverless.yml. */
export const templateRoutes = (): Route[] => {
  const file = readFileSync(new URL("../../serverless.yml", import.meta.url), "utf8");
  const { functions } = z
    .object({ functions: z.record(z.string(), z.object({ events: z.array(z.unknown()).default([]) })) })
    .parse(parse(file, { logLevel: "silent" }));
  return Object.entries(functions).flatMap(([name, { events }]) =>
    events.flatMap((event) => {
      const parsed = httpEvent.safeParse(event);
      if (!parsed.success) return [];
      const { method, path, response } = parsed.data.http;
      return [{ function: name, method: method.toUpperCase(), path, streamed: response !== undefined }];
    }),
  );
};
