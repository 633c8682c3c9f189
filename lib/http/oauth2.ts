import * as z from "zod";
import type { OAuth2 } from "../config/configuration.ts";
import type { Credentials } from "../credential/credentials.ts";
import { TransientError } from "../errors.ts";
import { basicHeader } from "./basic.ts";
import type { Connections } from "./connections.ts";
import { placeOf } from "./place.ts";
import { type Answer, readAll } from "./transport.ts";

/** Tokens of the client credentials grant (RFC 6749 §4.4). */
export interface TokenSource {
  /** The `Authorization` header with a token that is good for at least 10 seconds more. */
  authorization(timeoutMilliseconds: number): Promise<string>;
}

export interface TokenSourceOptions {
  /** Made from the block's own TLS and proxy settings. */
  readonly connections: Connections;
  readonly credentials: Credentials;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One token serves all requests until shortly before it expires or the client's secret changes; who waits shares one fetch. */
export const createTokenSource = (config: OAuth2, options: TokenSourceOptions): TokenSource => {
  const fetchToken = createFetch(config, options.connections);
  let held: Held | undefined;

  const hold = (login: Login, timeoutMilliseconds: number): Held => {
    const token = fetchToken(login, timeoutMilliseconds);
    // While the token is on its way its expiry is unknown, and everyone waits for the same one.
    const fresh: Held = { ...login, refreshAt: Number.POSITIVE_INFINITY, token };
    token.then(
      ({ expiresIn }) => {
        if (expiresIn > 0) fresh.refreshAt = options.now() + expiresIn * 1000 - earlyMilliseconds;
      },
      () => {
        if (held === fresh) held = undefined;
        // The client's secret may have been rotated: the next attempt has it anew.
        options.credentials.refused();
      },
    );
    return fresh;
  };

  return {
    authorization: async (timeoutMilliseconds) => {
      const clientId = await options.credentials.reveal(config.clientId);
      const secret = await secretOf(config, options.credentials);
      const isHeld = held?.secret === secret && held.clientId === clientId;
      if (held === undefined || !isHeld || options.now() >= held.refreshAt) {
        held = hold({ clientId, secret }, timeoutMilliseconds);
      }
      return (await held.token).header;
    },
  };
};

interface Login {
  readonly clientId: string;
  readonly secret: string;
}

interface Held extends Login {
  readonly token: Promise<Token>;
  refreshAt: number;
}

interface Token {
  readonly header: string;
  /** Seconds; 0 when the server told none, which means for ever. */
  readonly expiresIn: number;
}

const earlyMilliseconds = 10_000;
const maxTokenBytes = 1024 * 1024;

const tokenSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().nonnegative().nullish(),
});

const secretOf = async (
  { clientSecret, clientSecretFile }: OAuth2,
  credentials: Credentials,
): Promise<string> => {
  if (clientSecret !== undefined) return credentials.reveal(clientSecret);
  if (clientSecretFile === undefined || clientSecretFile === "") return "";
  return (await credentials.read("oauth2 client_secret_file", clientSecretFile)).trim();
};

/** Servers differ in where they take the client's login: the header is tried first, then the body, as Go does, and what worked is remembered. */
const createFetch = (config: OAuth2, connections: Connections) => {
  let styles: readonly Style[] = ["header", "body"];
  return async (login: Login, timeoutMilliseconds: number): Promise<Token> => {
    const [first = "header", ...others] = styles;
    const ask = async (style: Style) => {
      const answer = await post({ config, connections, login, style, timeoutMilliseconds });
      const body = await readAll(answer, maxTokenBytes);
      if (answer.status === 200) styles = [style];
      return { answer, body };
    };
    let { answer, body } = await ask(first);
    for (const style of others) {
      if (answer.status === 400 || answer.status === 401) ({ answer, body } = await ask(style));
    }
    return tokenOf(new URL(config.tokenUrl), answer, body);
  };
};

type Style = "header" | "body";

interface Ask {
  readonly config: OAuth2;
  readonly connections: Connections;
  readonly login: Login;
  readonly style: Style;
  readonly timeoutMilliseconds: number;
}

const post = ({ config, connections, login, style, timeoutMilliseconds }: Ask): Promise<Answer> => {
  const { scopes, endpointParams, tokenUrl } = config;
  const { clientId, secret } = login;
  const form = new URLSearchParams({ grant_type: "client_credentials", ...endpointParams });
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
  if (style === "header") {
    headers.authorization = basicHeader(encodeURIComponent(clientId), encodeURIComponent(secret));
  } else {
    form.set("client_id", clientId);
    form.set("client_secret", secret);
  }
  // The token outlives the request that happened to ask first, so that one's signal does not end it; the time limit does.
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const body = form.toString();
  return connections.send(new URL(tokenUrl), {
    method: "POST",
    headers,
    body,
    signal,
    timeoutMilliseconds,
    trusted: true,
  });
};

/** Not 200 includes redirects: a client's secret follows none. Nothing of the answer but the standard's error code is shown. */
const tokenOf = (url: URL, answer: Answer, body: Buffer): Token => {
  const place = `oauth2 token from ${placeOf(url)}`;
  if (answer.status !== 200) {
    const message = `${place}: HTTP status ${answer.status} ${answer.statusText}${errorCodeOf(body)}`;
    throw answer.status >= 500 || answer.status === 429 ? new TransientError(message) : new Error(message);
  }
  const token = tokenSchema.safeParse(jsonOf(body));
  if (!token.success) throw new Error(`${place}: expected JSON with access_token, token_type and expires_in`);
  const { access_token, token_type = "", expires_in } = token.data;
  const type = token_type === "" || token_type.toLowerCase() === "bearer" ? "Bearer" : token_type;
  return { header: `${type} ${access_token}`, expiresIn: expires_in ?? 0 };
};

const errorSchema = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

const errorCodeOf = (body: Buffer): string => {
  const parsed = errorSchema.safeParse(jsonOf(body));
  return parsed.success ? `, ${parsed.data.error}` : "";
};

const jsonOf = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    // What is not JSON fits no schema, and the schema's reader says so without showing it.
    return undefined;
  }
};
