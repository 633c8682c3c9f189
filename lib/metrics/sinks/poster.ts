import { defaultHttpClient } from "../../config/http-client.ts";
import type { LoginSettings } from "../../config/metrics/settings.ts";
import type { Secret } from "../../config/secret.ts";
import { createTransport, type TransportOptions } from "../../http/client.ts";
import { placeOf } from "../../http/place.ts";
import { readAll } from "../../http/transport.ts";

/** Who we are to a server, and whether we believe its certificate. */
export interface PosterSettings {
  readonly login?: LoginSettings;
  /** Instead of a login. */
  readonly token?: Secret;
  readonly insecureTls: boolean;
}

export interface Posted {
  readonly method?: "POST" | "PUT";
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came back, whatever its status. */
export interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Asks servers of sinks over HTTP. Rejects with one line that names the place on network trouble, silence, or when the signal aborts. */
export type Poster = (url: URL, posted: Posted, signal: AbortSignal) => Promise<Reply>;

export const createPoster = (settings: PosterSettings, options: TransportOptions): Poster => {
  const { login, token, insecureTls } = settings;
  const transport = createTransport(
    {
      ...defaultHttpClient,
      ...(login !== undefined && { basicAuth: login }),
      ...(token !== undefined && { authorization: { type: "Bearer", credentials: token } }),
      followRedirects: false,
      tls: { ...defaultHttpClient.tls, insecureSkipVerify: insecureTls },
    },
    options,
  );
  return async (url, { method = "POST", body, headers }, signal) => {
    const answer = await transport.open(url, { method, body, headers, signal, timeoutMilliseconds: silence });
    return { status: answer.status, text: (await readAll(answer, mostBytes)).toString("utf8") };
  };
};

const silence = 15_000;
const mostBytes = 16 * 1024 * 1024;

/** The error for a reply that was not what was wanted: what the server said, cut short and in one line. */
export const refused = (method: string, url: URL, { status, text }: Reply): Error => {
  const said = text.replace(/\s+/g, " ").trim().slice(0, 300);
  return new Error(`${method} ${placeOf(url)}: status ${status}${said === "" ? "" : `: ${said}`}`);
};
