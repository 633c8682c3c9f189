import { entityTypes, label } from "../labels.ts";
import type { Processor } from "../processor.ts";

const concerned: ReadonlySet<string | undefined> = new Set([
  entityTypes.podContainer,
  entityTypes.pod,
  entityTypes.namespace,
]);

/** Told, once a batch, of namespaces that sets name and the API server does not know. */
export type UnknownNamespaces = (names: readonly string[]) => void;

/** The UID of each set's namespace (spec A4, processor 3); `namespaces` gives it by name. */
export const createNamespaceEnricher = (
  namespaces: ReadonlyMap<string, string>,
  unknown: UnknownNamespaces,
): Processor => ({
  name: "namespace enricher",
  process: ({ sets }) => {
    const missing = new Set<string>();
    for (const { labels } of sets.values()) {
      const name = concerned.has(labels[label.type]) ? labels[label.namespaceName] : undefined;
      if (name === undefined) continue;
      const uid = namespaces.get(name);
      if (uid === undefined) missing.add(name);
      else labels[label.namespaceId] = uid;
    }
    if (missing.size > 0) unknown([...missing].sort());
  },
});
