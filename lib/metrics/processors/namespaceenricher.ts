import { entityTypes, label } from "../labels.ts";
import type { Processor } from "../processor.ts";

const concerned: ReadonlySet<string | undefined> = new Set([
  entityTypes.podContainer,
  entityTypes.pod,
  entityTypes.namespace,
]);

/** The UID of each set's namespace (spec A4, processor 3); `namespaces` gives it by name. */
export const createNamespaceEnricher = (namespaces: ReadonlyMap<string, string>): Processor => ({
  name: "namespace enricher",
  process: ({ sets }) => {
    for (const { labels } of sets.values()) {
      if (!concerned.has(labels[label.type])) continue;
      const uid = namespaces.get(labels[label.namespaceName] ?? "");
      if (uid !== undefined) labels[label.namespaceId] = uid;
    }
  },
});
