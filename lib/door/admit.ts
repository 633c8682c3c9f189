import { BlockList } from "node:net";
import type { TokenSettings } from "../config/settings.ts";
import { type Access, loopbackAccess } from "./access.ts";
import { type Answer, failure } from "./answer.ts";
import type { Request } from "./request.ts";
import { tokenLogin } from "./token.ts";

export interface Admission {
  readonly tokens: readonly TokenSettings[];
  /** Unix milliseconds. */
  readonly now: number;
  /** The request changes something. */
  readonly operate?: boolean;
}

/**
 * Who may come in (promise 8): the access of a valid token, or the answer that refuses. Where no tokens are configured only
 * a loopback client is let in, and only on a loopback `Host`, which a page elsewhere cannot send even when its name
 * resolves to this machine; in the cloud no client is a loopback one, so nothing is answered there.
 */
export const admit = (request: Request, { tokens, now, operate = false }: Admission): Access | Answer => {
  if (tokens.length === 0) {
    const reason = strangeness(request);
    return reason === undefined ? loopbackAccess : failure(403, "forbidden", reason);
  }
  const login = tokenLogin(request.headers.authorization, tokens, now);
  if (login === undefined) return unauthorized;
  const reason = operate ? inability(request, login) : undefined;
  return reason === undefined ? login.access : failure(403, "forbidden", reason);
};

export const isRefusal = (admitted: Access | Answer): admitted is Answer => "statusCode" in admitted;

const challenge = { "WWW-Authenticate": 'Basic realm="Rollcall", charset="UTF-8"' };

const refused = failure(
  401,
  "unauthorized",
  "a valid token is needed: bearer, or basic with its name as user",
);
const unauthorized: Answer = { ...refused, headers: { ...refused.headers, ...challenge } };

const inability = (request: Request, login: NonNullable<ReturnType<typeof tokenLogin>>) => {
  if (!login.access.operates) return "this token may not change anything: it has no operate";
  if (login.scheme === "bearer" || request.headers["x-rollcall-operate"] === "1") return undefined;
  return "a basic login changes something only with the header X-Rollcall-Operate: 1";
};

/** Why a client without a token is not let in. */
const strangeness = (request: Request): string | undefined => {
  if (!isLoopbackAddress(request.peer)) return "without tokens only loopback clients are answered";
  if (!isLoopbackHost(request.headers.host ?? "")) return "without tokens only a loopback Host is answered";
  if (isForeignFetch(request.headers)) return "a page from elsewhere is not answered without a token";
  const { origin } = request.headers;
  if (
    request.method !== "GET" &&
    request.method !== "HEAD" &&
    origin !== undefined &&
    !isLoopbackOrigin(origin)
  ) {
    return "a page from elsewhere may not change anything here";
  }
  return undefined;
};

/** Browsers say where a request comes from; a link that a person follows is not a page's own doing. */
const isForeignFetch = (headers: Request["headers"]) =>
  ["cross-site", "same-site"].includes(headers["sec-fetch-site"] ?? "") &&
  !(headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document");

/** `127.0.0.0/8`, `::1`, and the IPv4 ones written as IPv6. */
export const isLoopbackAddress = (address: string): boolean => {
  const plain = address.replace(/^::ffff:/i, "");
  return loopback.check(plain, plain.includes(":") ? "ipv6" : "ipv4");
};

const isLoopbackHost = (host: string) => {
  const name = host
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
  return name === "localhost" || isLoopbackAddress(name);
};

const isLoopbackOrigin = (origin: string) => URL.canParse(origin) && isLoopbackHost(new URL(origin).host);

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
