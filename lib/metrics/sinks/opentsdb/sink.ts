import * as z from "zod";
import type { OpenTsdbSettings } from "../../../config/metrics/settings.ts";
import type { TransportOptions } from "../../../http/client.ts";
import type { Sink } from "../../sink.ts";
import { packsOf } from "../point.ts";
import { createPoster, type Reply, refused } from "../poster.ts";
import { datapointsOf } from "./datapoints.ts";

/** OpenTSDB over its HTTP API (http://opentsdb.net/docs/build/html/api_http/put.html), in requests of a thousand points. */
export const createOpenTsdbSink = (
  { server, cluster }: OpenTsdbSettings,
  { name, http }: { readonly name: string; readonly http: TransportOptions },
): Sink => {
  const post = createPoster({ insecureTls: false }, http);
  const url = new URL("/api/put?summary", server);
  return {
    name,
    export: async (batch, signal) => {
      for (const points of packsOf(datapointsOf(batch, cluster), mostPoints)) {
        const reply = await post(url, { body: `[${points.join(",")}]`, headers }, signal);
        const failed = failedIn(reply);
        if (failed > 0)
          throw new Error(`POST ${url.origin}/api/put: ${failed} of ${points.length} points failed`);
        if (reply.status !== 200 && reply.status !== 204) throw refused("POST", url, reply);
      }
    },
  };
};

const mostPoints = 1000;
const headers = { "content-type": "application/json" };

/** Points that were not stored; a summary comes with status 200 and with 400. */
const failedIn = ({ text }: Reply): number => {
  try {
    return summary.parse(JSON.parse(text)).failed;
  } catch {
    // No summary: the status says it all.
    return 0;
  }
};

const summary = z.object({ failed: z.number().int().nonnegative() });
