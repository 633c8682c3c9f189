import * as z from "zod";
import type { ElasticsearchSettings } from "../../../config/metrics/settings.ts";
import type { TransportOptions } from "../../../http/client.ts";
import { createPoster, type Reply, refused } from "../poster.ts";
import type { Document } from "./documents.ts";

/** What the sink asks an Elasticsearch for. Every failure is one line that names the node and what it said. */
export interface ElasticsearchClient {
  /** Makes the index unless it is there. */
  createIndex(index: string, signal: AbortSignal): Promise<void>;
  addAliases(index: string, aliases: readonly string[], signal: AbortSignal): Promise<void>;
  /** Rejects when any document was refused. */
  index(index: string, documents: readonly Document[], signal: AbortSignal): Promise<void>;
}

export const createElasticsearchClient = (
  settings: ElasticsearchSettings,
  options: TransportOptions,
): ElasticsearchClient => {
  const ask = createAsking(settings, options);
  const { version, pipeline } = settings;
  return {
    createIndex: async (index, signal) => {
      const body = JSON.stringify({ mappings: mappings[version] });
      const { reply, url } = await ask({ path: `/${index}`, method: "PUT", body }, signal);
      if (reply.status === 200 || /index_already_exists|resource_already_exists/.test(reply.text)) return;
      throw refused("PUT", url, reply);
    },
    addAliases: async (index, aliases, signal) => {
      const body = JSON.stringify({ actions: aliases.map((alias) => ({ add: { index, alias } })) });
      const { reply, url } = await ask({ path: "/_aliases", body }, signal);
      if (reply.status !== 200) throw refused("POST", url, reply);
    },
    index: async (index, documents, signal) => {
      const lines = documents.flatMap(({ family, text }) => [
        JSON.stringify({ index: { _index: index, ...(version !== "8" && { _type: family }) } }),
        text,
      ]);
      const path = `/_bulk${pipeline === "" ? "" : `?pipeline=${encodeURIComponent(pipeline)}`}`;
      const { reply, url } = await ask({ path, body: `${lines.join("\n")}\n` }, signal);
      const problem = reply.status === 200 ? problemIn(reply) : undefined;
      if (problem !== undefined) throw new Error(`POST ${url.origin}/_bulk: ${problem}`);
      if (reply.status !== 200) throw refused("POST", url, reply);
    },
  };
};

interface Asked {
  readonly path: string;
  readonly method?: "PUT";
  readonly body: string;
}

/** Asks the node that answered last; one that cannot be reached makes room for the next. */
const createAsking = ({ nodes, login }: ElasticsearchSettings, options: TransportOptions) => {
  const post = createPoster({ ...(login && { login }), insecureTls: false }, options);
  let current = 0;
  return async ({ path, ...asked }: Asked, signal: AbortSignal): Promise<{ reply: Reply; url: URL }> => {
    for (let tried = 1; ; tried++) {
      const url = new URL(path, nodes[current]);
      const headers = {
        "content-type": path.startsWith("/_bulk") ? "application/x-ndjson" : "application/json",
      };
      try {
        return { reply: await post(url, { ...asked, headers }, signal), url };
      } catch (error) {
        current = (current + 1) % nodes.length;
        if (tried >= nodes.length || signal.aborted) throw error;
      }
    }
  };
};

/** A bulk answer is of status 200 whatever became of its documents. */
const problemIn = ({ text }: Reply): string | undefined => {
  const parsed = bulk.safeParse(json(text));
  if (!parsed.success) return "the answer is not that of a bulk request";
  const failed = parsed.data.items.flatMap(({ index }) => (index.error === undefined ? [] : [index.error]));
  if (failed.length === 0) return undefined;
  const first = typeof failed[0] === "string" ? failed[0] : JSON.stringify(failed[0]);
  return `${failed.length} of ${parsed.data.items.length} documents were refused: ${first.slice(0, 300)}`;
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const bulk = z.object({
  items: z.array(z.object({ index: z.object({ error: z.unknown().optional() }) })),
});

/** Texts are for exact search, in the words of each version. */
const texts = (mapping: object) => ({
  dynamic_templates: [{ texts: { match_mapping_type: "string", mapping } }],
});
const mappings = {
  "2": { _default_: texts({ type: "string", index: "not_analyzed" }) },
  "5": { _default_: texts({ type: "keyword" }) },
  "8": texts({ type: "keyword" }),
};
