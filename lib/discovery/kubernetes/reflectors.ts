import type { ListRequest } from "./list.ts";
import type { Lists } from "./lists.ts";
import type { KubernetesObject } from "./objects/meta.ts";
import type { ObjectChange, Reflector } from "./reflector.ts";
import * as resources from "./resources.ts";
import { createShelf, type Shelf } from "./shelf.ts";

/** What one set of credentials reflects of a cluster, each thing once for all who read it. */
export interface Reflectors {
  /**
   * The lists of one reader, out of memory and live. Asked for the first time they are waited for; whoever asked hears of
   * every change from then on. A namespace is read from the whole cluster where that is reflected anyway and not refused,
   * so ask for whole clusters first.
   */
  listsFor(reader: Reader): Lists;
  /** Why what this reader reads may be old. */
  troublesOf(reader: Reader): readonly Error[];
  /** Stops and forgets what nobody reads. */
  prune(): Promise<void>;
  /** Ends all requests and forgets the readers; what is in memory stays for others. */
  stop(): Promise<void>;
}

/** Reads one namespace, or all (`""`); asks one thing of each resource. */
export interface Reader {
  readonly namespace: string;
  changed<Name extends resources.ResourceName>(
    resource: Name,
    change: ObjectChange<resources.Objects[Name]>,
  ): void;
  /** Something was listed anew, or works again. */
  renewed(): void;
  /** Something comes from another reflector now: lists that were handed out before are not live any more. */
  rebound(): void;
}

export type MakeReflector = <T extends KubernetesObject>(request: ListRequest<T>) => Reflector<T>;

export const createReflectors = (make: MakeReflector): Reflectors => {
  const shelves = createShelves(make);
  const all = Object.values(shelves);
  return {
    listsFor: (reader) => ({
      nodes: shelves.nodes.listerFor(reader),
      namespaces: shelves.namespaces.listerFor(reader),
      pods: shelves.pods.listerFor(reader),
      services: shelves.services.listerFor(reader),
      endpoints: shelves.endpoints.listerFor(reader),
      endpointSlices: shelves.endpointSlices.listerFor(reader),
      ingresses: shelves.ingresses.listerFor(reader),
      replicaSets: shelves.replicaSets.listerFor(reader),
      jobs: shelves.jobs.listerFor(reader),
    }),
    troublesOf: (reader) => all.flatMap((one) => one.troubleOf(reader) ?? []),
    prune: async () => void (await Promise.all(all.map((one) => one.prune()))),
    stop: async () => void (await Promise.all(all.map((one) => one.stop()))),
  };
};

const createShelves = (make: MakeReflector) => {
  const shelf = <Name extends resources.ResourceName>(
    name: Name,
    resource: resources.Resource<resources.Objects[Name]>,
  ): Shelf<Reader, resources.Objects[Name]> =>
    createShelf({
      make: (place) => make({ resource, ...place }),
      changed: (reader, change) => {
        if (isAbout(reader, change)) reader.changed(name, change);
      },
      renewed: (reader) => reader.renewed(),
      rebound: (reader) => reader.rebound(),
    });
  return {
    nodes: shelf("nodes", resources.nodes),
    namespaces: shelf("namespaces", resources.namespaces),
    pods: shelf("pods", resources.pods),
    services: shelf("services", resources.services),
    endpoints: shelf("endpoints", resources.endpoints),
    endpointSlices: shelf("endpointSlices", resources.endpointSlices),
    ingresses: shelf("ingresses", resources.ingresses),
    replicaSets: shelf("replicaSets", resources.replicaSets),
    jobs: shelf("jobs", resources.jobs),
  };
};

/** A reflector of the whole cluster brings more than a reader of one namespace asked for. */
const isAbout = ({ namespace }: Reader, { before, after }: ObjectChange<KubernetesObject>): boolean => {
  const of = (after ?? before)?.meta.namespace ?? "";
  return namespace === "" || of === "" || of === namespace;
};
