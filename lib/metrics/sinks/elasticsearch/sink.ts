import type { ElasticsearchSettings } from "../../../config/metrics/settings.ts";
import type { TransportOptions } from "../../../http/client.ts";
import type { Sink } from "../../sink.ts";
import { packsOf } from "../point.ts";
import { createElasticsearchClient } from "./client.ts";
import { documentsOf } from "./documents.ts";

/**
 * Elasticsearch (spec A9): an index a day, an alias for each family of metrics, documents in bulk. Over plain HTTP: the official client speaks to its own
 * major version only, and those that know document types are no longer kept.
 */
export const createElasticsearchSink = (
  settings: ElasticsearchSettings,
  parts: { readonly name: string; readonly clusterName: string | undefined; readonly http: TransportOptions },
): Sink => {
  const client = createElasticsearchClient(settings, parts.http);
  const clusterName = settings.clusterName ?? parts.clusterName ?? "default";
  /** The index that was last made sure of, with its aliases. */
  let known: { readonly index: string; readonly aliases: Set<string> } | undefined;
  return {
    name: parts.name,
    export: async (batch, signal) => {
      const index = `${settings.index}-${new Date(batch.timestamp).toISOString().slice(0, 10).replaceAll("-", ".")}`;
      try {
        for (const documents of packsOf(
          documentsOf(batch, clusterName),
          mostBytes,
          ({ text }) => text.length,
        )) {
          if (known?.index !== index) {
            await client.createIndex(index, signal);
            known = { index, aliases: new Set() };
          }
          await client.index(index, documents, signal);
          const aliases = new Set(documents.map(({ family }) => `${settings.index}-${family}`));
          const missing = [...aliases.difference(known.aliases)];
          if (missing.length > 0) await client.addAliases(index, missing, signal);
          for (const alias of missing) known.aliases.add(alias);
        }
      } catch (error) {
        known = undefined;
        throw error;
      }
    },
  };
};

/** Of one bulk request; Elasticsearch advises single megabytes. */
const mostBytes = 2_000_000;
