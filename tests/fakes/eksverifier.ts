import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export interface Verified {
  readonly accessKeyId: string;
  readonly sessionToken: string | undefined;
  readonly region: string;
}

/**
 * What stands between a cluster and a token: the checks that aws-iam-authenticator makes before it asks STS (its
 * `pkg/token/token.go`), then the check of the signature that STS makes (the documentation of Signature Version 4), written
 * from those alone with `node:crypto`. Throws with the rule that is broken.
 */
export const verifyEksToken = (
  token: string,
  {
    clusterName,
    secretOf,
    now,
  }: { clusterName: string; secretOf: (accessKeyId: string) => string; now: number },
): Verified => {
  const url = urlIn(token);
  const parameters = parametersOf(url);
  const get = (name: string) => parameters.get(name) ?? "";
  const signedAt = Date.parse(
    get("x-amz-date").replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  rule(get("action") === "GetCallerIdentity", "the action is GetCallerIdentity");
  rule(
    /^\d+$/.test(get("x-amz-expires")) && Number(get("x-amz-expires")) <= 900,
    "X-Amz-Expires is 900 at most",
  );
  const signed = get("x-amz-signedheaders").split(";");
  rule(signed.includes("x-k8s-aws-id"), "x-k8s-aws-id is a signed header");
  rule(signed.includes("host"), "host is a signed header");
  rule(Math.abs(now - signedAt) < 15 * 60_000, "the token was signed less than 15 minutes ago");
  const [accessKeyId = "", day = "", region = "", service = "", end = ""] =
    get("x-amz-credential").split("/");
  rule(service === "sts" && end === "aws4_request", "the scope is that of STS");
  rule(
    url.hostname === "sts.amazonaws.com" || url.hostname.split(".")[1] === region,
    "the scope's region is the host's",
  );
  const scope = `${day}/${region}/sts/aws4_request`;
  const headers = new Map([
    ["host", url.host],
    ["x-k8s-aws-id", clusterName],
  ]);
  const canonical = [
    "GET",
    "/",
    canonicalQuery(url),
    ...signed.map((name) => `${name}:${headers.get(name)}`),
    "",
    signed.join(";"),
    sha256(""),
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", get("x-amz-date"), scope, sha256(canonical)].join("\n");
  const key = [day, region, "sts", "aws4_request"].reduce(
    (before: string | Buffer, part) => hmac(before, part),
    `AWS4${secretOf(accessKeyId)}`,
  );
  const [expected, found] = [hmac(key, toSign), Buffer.from(get("x-amz-signature"), "hex")];
  rule(
    found.length === expected.length && timingSafeEqual(expected, found),
    "the signature is that of the request",
  );
  return { accessKeyId, region, sessionToken: parameters.get("x-amz-security-token") };
};

const rule = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`not so: ${what}`);
};

const prefix = "k8s-aws-v1.";
const hosts = /^sts(-fips)?(\.[a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?$/;

const urlIn = (token: string): URL => {
  rule(token.length <= 16_384, "a token has 16 KiB at most");
  rule(token.startsWith(prefix), `a token begins with ${prefix}`);
  const rest = token.slice(prefix.length);
  rule(/^[\w-]+$/.test(rest), "the rest is base64url without padding");
  const url = new URL(Buffer.from(rest, "base64url").toString("utf8"));
  rule(url.protocol === "https:", "the URL is https");
  rule(url.port === "" && hosts.test(url.hostname), "the host is one of STS's");
  rule(url.pathname === "/", "the path is /");
  return url;
};

const allowed = new Set([
  "action",
  "version",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
  "x-amz-user-agent",
]);

const parametersOf = (url: URL): Map<string, string> => {
  const parameters = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const lower = name.toLowerCase();
    rule(allowed.has(lower), `${name} is a parameter that is allowed`);
    rule(!parameters.has(lower), `${name} comes once`);
    parameters.set(lower, value);
  }
  rule(parameters.get("x-amz-algorithm") === "AWS4-HMAC-SHA256", "the algorithm is AWS4-HMAC-SHA256");
  return parameters;
};

/** Sorted by encoded name, without the signature; blanks are `%20`. */
const canonicalQuery = (url: URL): string =>
  [...url.searchParams]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");

const encoded = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const sign = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(sign) ? sign : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
