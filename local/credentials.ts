import { randomBytes, timingSafeEqual } from "node:crypto";

/** What the functions of this run sign their requests with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Made up anew for each run, so that nothing outside it has them. */
export const makeCredentials = (): Credentials => ({
  accessKeyId: `LOCAL${randomBytes(16).toString("hex").toUpperCase()}`,
  secretAccessKey: randomBytes(20).toString("hex"),
});

/**
 * Why a request to the local AWS is refused, as AWS words it; undefined for one that names the access key. Other users of
 * the machine reach loopback too, but do not see what passes there: the id that AWS treats as public is a secret here,
 * and the signature, which would only repeat that, is not computed.
 */
export const credentialProblem = (
  authorization: string | undefined,
  accessKeyId: string,
): { readonly code: string; readonly message: string } | undefined => {
  if (authorization === undefined) {
    return {
      code: "MissingAuthenticationTokenException",
      message: "Request is missing Authentication Token",
    };
  }
  const given = /^AWS4-HMAC-SHA256 Credential=([^/,\s]{1,128})\//.exec(authorization)?.[1] ?? "";
  if (isSame(given, accessKeyId)) return undefined;
  return {
    code: "UnrecognizedClientException",
    message: "The security token included in the request is invalid.",
  };
};

const isSame = (given: string, known: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(known)];
  return a.length === b.length && timingSafeEqual(a, b);
};
