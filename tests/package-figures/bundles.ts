import { dirname, join } from "node:path";

/** One function as it is packed. */
export interface Bundle {
  readonly name: string;
  /** Bytes of its archive. */
  readonly zipBytes: number;
  /** Bytes of code, in all its files. */
  readonly bytes: number;
  /** Of those, what is loaded before the first invocation. */
  readonly startBytes: number;
  readonly hasKubernetesClient: boolean;
}

/** Those that reach clusters, and so carry the Kubernetes client (design §1). */
const clusterFunctions: ReadonlySet<string> = new Set(["discover", "relay", "collect", "relist", "adapt"]);

/** A method of the client's KubeConfig that nothing here calls: minifying keeps it, and our own code has no reason to name it. */
const marker = "makeApiClient";

export const hasKubernetesClient = (text: string): boolean => text.includes(marker);

/** Bytes of all code, and of what is loaded at the start. */
export interface Bounds {
  readonly bytes: number;
  readonly startBytes: number;
}

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
 * What is wrong with the packed functions, one line each: a bundle over a bound, one without bounds or bounds without one,
 * and the Kubernetes client where no cluster is reached. `bounds` by function's name.
 */
export const bundleFindings = (
  bundles: readonly Bundle[],
  bounds: Readonly<Record<string, Bounds>>,
): string[] => [
  ...bundles.flatMap((bundle) => [...sizeFindings(bundle, bounds[bundle.name]), ...clientFindings(bundle)]),
  ...Object.keys(bounds)
    .filter((name) => !bundles.some((bundle) => bundle.name === name))
    .map((name) => `${name}: has a bound, but is not packed`),
];

const sizeFindings = ({ name, bytes, startBytes }: Bundle, bounds: Bounds | undefined): string[] => {
  if (bounds === undefined) return [`${name}: has no bound in tests/package-figures/bounds.json`];
  const start = `${name}: loads ${startBytes} bytes at its start, the bound is ${bounds.startBytes}`;
  return [
    ...(bytes > bounds.bytes ? [`${name}: the bundle has ${bytes} bytes, the bound is ${bounds.bytes}`] : []),
    ...(startBytes > bounds.startBytes ? [start] : []),
  ];
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
