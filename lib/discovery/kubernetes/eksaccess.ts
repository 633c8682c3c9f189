import type { EksAccess, HttpClientConfig } from "../../config/configuration.ts";

/** Amazon's API about its clusters, and tokens for them. */
export interface Eks {
  /** Rejects with one line that names the cluster, or the role that it is reached by. */
  describe(cluster: EksCluster): Promise<EksEndpoint>;
  /** Good for minutes more. Rejects likewise. */
  token(cluster: EksCluster): Promise<string>;
  /** The API server did not accept the token: the next one is another. False when the last one was made just now. */
  refused(cluster: EksCluster): boolean;
}

export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type EksCluster = Pick<EksAccess, "clusterName" | "region" | "roleArn">;

export interface EksEndpoint {
  /** `https://…`. */
  readonly url: string;
  /** PEM. */
  readonly ca: string;
}

/** What of an entry's endpoint and CA the settings do not say is asked of EKS; who says both needs no right to ask (ADR 21). */
export const completed = async (
  access: EksAccess,
  eks: Pick<Eks, "describe">,
): Promise<{ url: string; httpClient: HttpClientConfig }> => {
  const { url, httpClient } = access;
  const { tls } = httpClient;
  const isTrusted = (tls.ca ?? tls.caFile) !== undefined || tls.insecureSkipVerify;
  if (url !== undefined && isTrusted) return { url, httpClient };
  const found = await eks.describe(access);
  return {
    url: url ?? found.url,
    httpClient: isTrusted ? httpClient : { ...httpClient, tls: { ...tls, ca: found.ca } },
  };
};
