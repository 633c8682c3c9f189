import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import * as z from "zod";
import { clientDefaults } from "../../aws.ts";
import { unreadable } from "../../credential/missing.ts";
import { reasonOf } from "../../errors.ts";
import type { Eks, EksCluster, EksEndpoint } from "./eksaccess.ts";
import type { Identities } from "./sts.ts";

export interface DescribeOptions {
  readonly identities: Identities;
  /** Unix milliseconds. */
  readonly clock: () => number;
  /** For tests; the region's own by default. */
  readonly endpoint?: string;
}

/** Endpoints hardly ever change, and looks come every minute. */
const lifeMilliseconds = 15 * 60_000;

/** Needs `eks:DescribeCluster` on the cluster, of the function's role or of the one that it assumes. */
export const createDescribe = ({ identities, clock, endpoint }: DescribeOptions): Eks["describe"] => {
  const known = new Map<string, { readonly found: EksEndpoint; readonly until: number }>();
  return async (cluster) => {
    const key = JSON.stringify([cluster.clusterName, cluster.region, cluster.roleArn]);
    const held = known.get(key);
    if (held !== undefined && clock() < held.until) return held.found;
    const found = await ask(cluster, { identities, endpoint });
    known.set(key, { found, until: clock() + lifeMilliseconds });
    return found;
  };
};

const ask = async (
  cluster: EksCluster,
  { identities, endpoint }: { identities: Identities; endpoint: string | undefined },
): Promise<EksEndpoint> => {
  const credentials = await identities.of(cluster);
  const { region, clusterName } = cluster;
  const client = new EKSClient({ ...clientDefaults, region, credentials, ...(endpoint && { endpoint }) });
  try {
    const answer = await client.send(new DescribeClusterCommand({ name: clusterName }));
    const { endpoint: url, certificateAuthority } = described.parse(answer.cluster);
    return { url, ca: Buffer.from(certificateAuthority.data, "base64").toString("utf8") };
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError ? "no endpoint and CA in the answer, is it being made?" : reasonOf(cause);
    throw new Error(unreadable(`EKS cluster ${clusterName} in ${region}`, reason), { cause });
  } finally {
    client.destroy();
  }
};

const described = z.object({
  endpoint: z.url({ protocol: /^https?$/ }),
  certificateAuthority: z.object({ data: z.base64().min(1) }),
});
