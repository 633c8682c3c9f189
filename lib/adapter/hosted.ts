import type { AdapterSettings } from "../config/adapters.ts";
import type { Reach } from "../discovery/reach.ts";
import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { createOwnMetrics } from "./api/ownmetrics.ts";
import type { AdapterParts } from "./api/routes.ts";
import { createAuthorize, type ReviewAccess } from "./identity/authorize.ts";
import { createLimit } from "./identity/limit.ts";
import { givenProxy, type Trust } from "./identity/trust.ts";
import { anonymous } from "./identity/user.ts";
import { type ClusterApi, createClusterApi } from "./objects/clusterapi.ts";
import { createKubernetesObjects } from "./objects/kubernetes.ts";
import { createReviewAccess, createReviewToken, createTrustReader } from "./objects/reviews.ts";
import type { OpenedAdapter } from "./open.ts";
import { createSeldom } from "./seldom.ts";

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
  { settings, provider, mapper, ended }: OpenedAdapter,
  { reach, allowsAnonymous, clock, log }: HostingParts,
): AdapterParts => {
  const api = createClusterApi(settings.access, { ...reach, clock });
  ended.addEventListener("abort", api.close, { once: true });
  return {
    provider,
    mapper,
    objects: createKubernetesObjects(api),
    clock,
    log,
    trust: toldOnce(trustOf(settings, { api, reach, clock, log }), settings.cluster, log),
    ...reviewsOf(api, clock),
    allowsAnonymous,
    metrics: createOwnMetrics(),
    refused: createSeldom((reason) => log.warn(notBelieved, { cluster: settings.cluster, reason }), clock),
  };
};

const notBelieved = "a caller of the metrics APIs is not believed";

/**
 * Whoever has not shown who they are can ask anything, each time for another path or with another token: the cluster is asked about such callers only so
 * often, and about all others apart from them, so that strangers keep no autoscaler from its metrics.
 */
const reviewsOf = (api: ClusterApi, clock: () => number) => {
  const ofStrangers = createLimit({ perSecond: 50, burst: 100, clock });
  const ofUsers = createLimit({ perSecond: 200, burst: 400, clock });
  const post: ClusterApi["post"] = (path, document) => ofStrangers(() => api.post(path, document));
  const review = createReviewAccess(api);
  const limited: ReviewAccess = (user, attributes) =>
    (user.name === anonymous.name ? ofStrangers : ofUsers)(() => review(user, attributes));
  return {
    reviewToken: createReviewToken({ get: api.get, post }, clock),
    authorize: createAuthorize(limited, clock),
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
