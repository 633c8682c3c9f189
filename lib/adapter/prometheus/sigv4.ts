import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Sigv4Settings } from "../../config/adapters.ts";
import type { Credentials } from "../../credential/credentials.ts";
import type { AwsIdentity } from "../../discovery/kubernetes/eksaccess.ts";
import type { Transport } from "../../http/transport.ts";

export interface SigningParts {
  readonly credentials: Pick<Credentials, "reveal">;
  /** The function's own identity, or that of a role; undefined where AWS is not around us. */
  readonly identityOf: ((roleArn: string | undefined) => Promise<AwsIdentity>) | undefined;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** The same transport, whose requests are signed for Amazon Managed Service for Prometheus, or what else is told. */
export const signing = (transport: Transport, settings: Sigv4Settings, parts: SigningParts): Transport => ({
  close: transport.close,
  open: async (url, options) => {
    const signer = new SignatureV4({
      credentials: await identity(settings, parts),
      region: settings.region,
      service: settings.service,
      sha256: Sha256,
    });
    const signed = await signer.sign(
      {
        method: options.method ?? "GET",
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: queryOf(url),
        headers: { ...options.headers, host: url.host },
        body: options.body,
      },
      { signingDate: new Date(parts.now()) },
    );
    return transport.open(url, { ...options, headers: signed.headers });
  },
});

const queryOf = (url: URL): Record<string, string> => Object.fromEntries(url.searchParams);

const identity = async (
  { accessKey, secretKey, roleArn }: Sigv4Settings,
  { credentials, identityOf }: SigningParts,
): Promise<AwsIdentity> => {
  if (accessKey !== undefined && secretKey !== undefined)
    return { accessKeyId: accessKey, secretAccessKey: await credentials.reveal(secretKey) };
  if (identityOf === undefined)
    throw new Error("sigv4: outside of the cloud a request is signed with access_key and secret_key only");
  return identityOf(roleArn);
};
