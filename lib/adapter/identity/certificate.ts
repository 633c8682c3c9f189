import { X509Certificate } from "node:crypto";

/** Who is trusted to vouch for clients. */
export type Authorities = readonly X509Certificate[];

/** Every certificate of a PEM bundle. Throws one line for a bundle that has none, or a broken one. */
export const readAuthorities = (pem: string, what: string): Authorities => {
  const found = pem.match(block) ?? [];
  if (found.length === 0) throw new Error(`${what} has no PEM certificate`);
  return found.map((one, at) => {
    try {
      return new X509Certificate(one);
    } catch (cause) {
      throw new Error(`${what}: certificate ${at + 1} cannot be read`, { cause });
    }
  });
};

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificate that came with a request; undefined when it is none. */
export const readCertificate = (pem: string): X509Certificate | undefined => {
  const [first, ...more] = pem.match(block) ?? [];
  if (first === undefined || more.length > 0) return undefined;
  try {
    return new X509Certificate(first);
  } catch {
    return undefined;
  }
};

/**
 * Why a client's certificate is not to be believed; undefined when it is. It is issued by one of the authorities, both are valid at `now` (Unix
 * milliseconds), and it may be used by a client. That the client holds its key was seen by whoever ended TLS.
 */
export const distrust = (
  leaf: X509Certificate,
  authorities: Authorities,
  now: number,
): string | undefined => {
  const issuers = authorities.filter((authority) => isIssuer(authority, leaf));
  if (issuers.length === 0) return "the client certificate is of an unknown authority";
  if (!issuers.some((issuer) => isWithin(issuer, now)))
    return "the authority of the client certificate is not valid now";
  if (!isWithin(leaf, now)) return "the client certificate is not valid now";
  return isForClients(leaf) ? undefined : "the certificate is not for clients (extended key usage)";
};

const isIssuer = (authority: X509Certificate, leaf: X509Certificate): boolean => {
  try {
    return authority.ca && leaf.checkIssued(authority) && leaf.verify(authority.publicKey);
  } catch {
    // A key of a kind that this Node does not know vouches for nobody.
    return false;
  }
};

const isWithin = ({ validFromDate, validToDate }: X509Certificate, now: number): boolean =>
  validFromDate.getTime() <= now && now <= validToDate.getTime();

/** As Go judges: a certificate that does not say what it is for is for everything. */
const isForClients = ({ keyUsage }: X509Certificate): boolean =>
  keyUsage === undefined || keyUsage.includes(clientAuth) || keyUsage.includes(anyUsage);

const clientAuth = "1.3.6.1.5.5.7.3.2";
const anyUsage = "2.5.29.37.0";

/** The last common name of its subject, which is what Go takes, and every organisation. */
export const subjectOf = (certificate: X509Certificate): { name: string; organisations: string[] } => {
  const { CN, O: organisations } = certificate.toLegacyObject().subject;
  return { name: [CN ?? ""].flat().at(-1) ?? "", organisations: [organisations ?? []].flat() };
};
