import { dirname, join } from "node:path";

/** One function as it is packed. */
export interface Bundle extends Sizes {
  readonly name: string;
  /** Bytes of its archive; told and not judged, since they are the packer's too. */
  readonly zipBytes: number;
  readonly hasKubernetesClient: boolean;
}

/** What decides how large a function is and how long it takes to start; the same on every machine. */
export interface Sizes {
  /** Bytes of code, in all its files. */
  readonly bytes: number;
  /** Of those, what is loaded before the first invocation. */
  readonly startBytes: number;
  /** In so many files. */
  readonly startFiles: number;
  /** Node's own modules that are loaded besides those that every process loads. */
  readonly nodeModules: number;
}

/** What is committed of each function (sizes.json), by name. */
export type Committed = Readonly<Record<string, Sizes>>;

/** A figure may be so many times the committed one, which stays as it is until somebody accepts another: growth does not creep. */
export const mostGrowth = 1.1;

/** Those that reach clusters, and so carry the Kubernetes client (design §1). */
const clusterFunctions: ReadonlySet<string> = new Set(["discover", "relay", "collect", "relist", "adapt"]);

/** A method of the client's KubeConfig that nothing here calls: minifying keeps it, and our own code has no reason to name it. */
const marker = "makeApiClient";

export const hasKubernetesClient = (text: string): boolean => text.includes(marker);

/** The files of a bundle that importing one of them loads, itself among them; `textOf` a file by its path. */
export const loadedBy = (entry: string, textOf: (file: string) => string): Set<string> => {
  const loaded = new Set<string>();
  const load = (file: string) => {
    if (loaded.has(file)) return;
    loaded.add(file);
    // Not `import("./x.mjs")`, which waits until somebody needs it.
    const imports = textOf(file).matchAll(/(?:\bimport|\bfrom)\s*"(\.{1,2}\/[^"]+\.mjs)"/g);
    for (const [, path = ""] of imports) load(join(dirname(file), path));
  };
  load(entry);
  return loaded;
};

/**
 * What is wrong with the packed functions, one line each: one that grew by more than a tenth, one that is not committed or is no
 * longer packed, and the Kubernetes client where no cluster is reached.
 */
export const bundleFindings = (bundles: readonly Bundle[], committed: Committed): string[] => [
  ...bundles.flatMap((bundle) => [...growthOf(bundle, committed[bundle.name]), ...clientFindings(bundle)]),
  ...Object.keys(committed)
    .filter((name) => !bundles.some((bundle) => bundle.name === name))
    .map((name) => `${name}: is committed, but is not packed`),
];

/** What may be committed anew because it became smaller by more than a tenth, one line each. */
export const shrunk = (bundles: readonly Bundle[], committed: Committed): string[] =>
  bundles.flatMap((bundle) =>
    figures.flatMap(([key, what]) => {
      const before = committed[bundle.name]?.[key] ?? 0;
      return bundle[key] * mostGrowth < before
        ? [`${bundle.name}: ${what}: ${before} before, ${bundle[key]} now`]
        : [];
    }),
  );

const figures = [
  ["bytes", "bytes of code"],
  ["startBytes", "bytes loaded at the start"],
  ["startFiles", "files loaded at the start"],
  ["nodeModules", "of Node's modules loaded at the start"],
] as const;

const growthOf = (bundle: Bundle, before: Sizes | undefined): string[] => {
  if (before === undefined) return [`${bundle.name}: is not in tests/package-figures/sizes.json`];
  return figures.flatMap(([key, what]) => {
    const most = Math.floor(before[key] * mostGrowth);
    return bundle[key] > most
      ? [`${bundle.name}: ${what}: ${before[key]} before, ${bundle[key]} now, at most ${most}`]
      : [];
  });
};

/** A cluster function without the marker means that the marker no longer marks anything. */
const clientFindings = ({ name, hasKubernetesClient: has }: Bundle): string[] => {
  const reaches = clusterFunctions.has(name);
  if (has === reaches) return [];
  return [
    has
      ? `${name}: carries the Kubernetes client and reaches no cluster`
      : `${name}: reaches clusters and has no ${marker}, by which the Kubernetes client is known`,
  ];
};
