import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import * as z from "zod";
import { clientDefaults } from "../../aws.ts";
import { unreadable } from "../../credential/missing.ts";
import { reasonOf } from "../../errors.ts";
import type { AwsIdentity, Eks, EksCluster } from "./eksaccess.ts";

/** Who asks: the function itself, or the role that is named. */
export interface Identities {
  of(who: Pick<EksCluster, "roleArn">): Promise<AwsIdentity>;
}

interface IdentitiesOptions {
  /** Has the function's own credentials. */
  readonly client?: STSClient;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/** A client of ours: bounded. */
export const createClient = (config: ConstructorParameters<typeof STSClient>[0] = {}) =>
  new STSClient({ ...clientDefaults, ...config });

/** An hour is what every role allows. */
const sessionSeconds = 3600;
/** No token and no request is made by a session that ends within this time. */
const earlyMilliseconds = 16 * 60_000;

/** Sessions of assumed roles are kept until shortly before their end; needs `sts:AssumeRole` on each role that is named. */
export const createIdentities = ({ client = createClient(), clock }: IdentitiesOptions): Identities => {
  const sessions = new Map<string, { readonly identity: AwsIdentity; readonly until: number }>();
  return {
    of: async ({ roleArn }) => {
      if (roleArn === undefined) return await client.config.credentials();
      const held = sessions.get(roleArn);
      if (held !== undefined && clock() < held.until) return held.identity;
      const { identity, expires } = await assume(client, roleArn);
      sessions.set(roleArn, { identity, until: expires - earlyMilliseconds });
      return identity;
    },
  };
};

const assume = async (client: STSClient, roleArn: string) => {
  try {
    const session = { RoleArn: roleArn, RoleSessionName: "rollcall", DurationSeconds: sessionSeconds };
    const { Credentials } = await client.send(new AssumeRoleCommand(session));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = sessionSchema.parse(Credentials);
    const identity = {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    };
    return { identity, expires: Expiration.getTime() };
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? "no credentials in the answer" : reasonOf(cause);
    throw new Error(unreadable(`role ${roleArn}`, reason), { cause });
  }
};

const text = z.string().min(1);
const sessionSchema = z.object({
  AccessKeyId: text,
  SecretAccessKey: text,
  SessionToken: text,
  Expiration: z.date(),
});

/** The cluster takes a token for 15 minutes after its signature, whatever `X-Amz-Expires` says. */
const lifeMilliseconds = 10 * 60_000;
/** Another one made so soon would be refused as well. */
const freshMilliseconds = 10_000;

export interface TokensOptions {
  readonly identities: Identities;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/** Tokens as aws-iam-authenticator takes them (its README, "API Authorization from Outside a Cluster"), one per cluster, made anew after ten minutes. */
export const createEksTokens = ({ identities, clock }: TokensOptions): Pick<Eks, "token" | "refused"> => {
  const held = new Map<string, { readonly token: string; readonly madeAt: number }>();
  const keyOf = ({ clusterName, region, roleArn }: EksCluster) =>
    JSON.stringify([clusterName, region, roleArn]);
  return {
    token: async (cluster) => {
      const last = held.get(keyOf(cluster));
      if (last !== undefined && clock() - last.madeAt < lifeMilliseconds) return last.token;
      const madeAt = clock();
      const token = await sign(cluster, { identity: await identities.of(cluster), now: madeAt });
      held.set(keyOf(cluster), { token, madeAt });
      return token;
    },
    refused: (cluster) => {
      const last = held.get(keyOf(cluster));
      if (last === undefined || clock() - last.madeAt < freshMilliseconds) return false;
      return held.delete(keyOf(cluster));
    },
  };
};

/** `k8s-aws-v1.` and the URL of a presigned GetCallerIdentity, in base64url: the cluster asks STS who signed it, and for which cluster. */
const sign = async (
  { clusterName, region }: EksCluster,
  { identity, now }: { identity: AwsIdentity; now: number },
): Promise<string> => {
  const hostname = `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
  const signer = new SignatureV4({ credentials: identity, region, service: "sts", sha256: Sha256 });
  const { path, query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      headers: { host: hostname, "x-k8s-aws-id": clusterName },
    },
    { expiresIn: 60, signingDate: new Date(now) },
  );
  const search = Object.entries(query).map(([name, value]) => [name, String(value)].map(encoded).join("="));
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}${path}?${search.join("&")}`).toString("base64url")}`;
};

/** As SigV4 encodes: all but letters, digits and `-_.~`. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
