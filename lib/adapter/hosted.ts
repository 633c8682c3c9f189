import type { AdapterSettings } from "../config/adapters.ts";
import type { Reach } from "../discovery/reach.ts";
import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { createOwnMetrics } from "./api/ownmetrics.ts";
import type { AdapterParts } from "./api/routes.ts";
import { createAuthorize } from "./identity/authorize.ts";
import { givenProxy, type Trust } from "./identity/trust.ts";
import { type ClusterApi, createClusterApi } from "./objects/clusterapi.ts";
import { createKubernetesObjects } from "./objects/kubernetes.ts";
import { createReviewAccess, createReviewToken, createTrustReader } from "./objects/reviews.ts";
import type { OpenedAdapter } from "./open.ts";

export interface HostingParts {
  readonly reach: Reach;
  /** Behind a load balancer everybody has a certificate. */
  readonly allowsAnonymous: boolean;
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly log: Log;
}

/** What an adapter answers from, once its cluster is asked who is who, and what its objects are. Kept as long as the adapter is. */
export const createHosting = (parts: HostingParts) => {
  const known = new WeakMap<OpenedAdapter, AdapterParts>();
  return (adapter: OpenedAdapter): AdapterParts => {
    const hosted = known.get(adapter) ?? hostedOf(adapter, parts);
    known.set(adapter, hosted);
    return hosted;
  };
};

const hostedOf = (
  { settings, provider, mapper }: OpenedAdapter,
  { reach, allowsAnonymous, clock, log }: HostingParts,
): AdapterParts => {
  const api = createClusterApi(settings.access, { ...reach, clock });
  return {
    provider,
    mapper,
    objects: createKubernetesObjects(api),
    clock,
    log,
    trust: toldOnce(trustOf(settings, { api, reach, clock, log }), settings.cluster, log),
    reviewToken: createReviewToken(api, clock),
    authorize: createAuthorize(createReviewAccess(api), clock),
    allowsAnonymous,
    metrics: createOwnMetrics(),
  };
};

interface TrustParts {
  readonly api: ClusterApi;
  readonly reach: Reach;
  readonly clock: () => number;
  readonly log: Log;
}

/** By the cluster's own configmap; the settings may name the front proxy's authority, and then the configmap need not be readable. */
const trustOf = (
  { tls }: AdapterSettings,
  { api, reach, clock, log }: TrustParts,
): (() => Promise<Trust>) => {
  const ofCluster = createTrustReader(api, clock);
  const file = tls?.requestheaderClientCaFile;
  if (file === undefined) return ofCluster;
  const credentials = reach.credentialsFor();
  return async () => {
    const [pem, cluster] = await Promise.all([
      credentials.read("requestheader_client_ca_file", file),
      ofCluster().catch((error): Trust => {
        log.debug("only the front proxy is believed", { reason: reasonOf(error) });
        return {};
      }),
    ]);
    return { ...cluster, frontProxy: givenProxy(pem, file, tls?.requestheaderAllowedNames ?? []) };
  };
};

/** Everybody who asks meanwhile is refused; that it is so is said when it begins and when it ends. */
const toldOnce = (trust: () => Promise<Trust>, cluster: string, log: Log): (() => Promise<Trust>) => {
  let told = "";
  return async () => {
    try {
      const found = await trust();
      if (told !== "") log.info("the cluster says again who may speak for its users", { cluster });
      told = "";
      return found;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== told)
        log.error("the cluster does not say who may speak for its users: nobody is answered", {
          cluster,
          reason,
        });
      told = reason;
      throw error;
    }
  };
};
