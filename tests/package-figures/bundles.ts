/** One function as it is packed. */
export interface Bundle {
  readonly name: string;
  /** Bytes of its archive. */
  readonly zipBytes: number;
  /** Bytes of the one file that Lambda loads. */
  readonly bytes: number;
  readonly hasKubernetesClient: boolean;
}

/** Those that reach clusters, and so carry the Kubernetes client (design §1). */
const clusterFunctions: ReadonlySet<string> = new Set(["discover", "relay", "collect"]);

/** A method of the client's KubeConfig that nothing here calls: minifying keeps it, and our own code has no reason to name it. */
const marker = "makeApiClient";

export const hasKubernetesClient = (text: string): boolean => text.includes(marker);

/**
 * What is wrong with the packed functions, one line each: a bundle over its bound, one without a bound or a bound without one,
 * and the Kubernetes client where no cluster is reached. `bounds` in bytes of a bundle, by its function's name.
 */
export const bundleFindings = (
  bundles: readonly Bundle[],
  bounds: Readonly<Record<string, number>>,
): string[] => [
  ...bundles.flatMap((bundle) => [...sizeFindings(bundle, bounds[bundle.name]), ...clientFindings(bundle)]),
  ...Object.keys(bounds)
    .filter((name) => !bundles.some((bundle) => bundle.name === name))
    .map((name) => `${name}: has a bound, but is not packed`),
];

const sizeFindings = ({ name, bytes }: Bundle, bound: number | undefined): string[] => {
  if (bound === undefined) return [`${name}: has no bound in tests/package-figures/bounds.json`];
  return bytes > bound ? [`${name}: the bundle has ${bytes} bytes, the bound is ${bound}`] : [];
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
