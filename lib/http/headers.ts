import type { OutgoingHttpHeaders } from "node:http";
import type { HttpClientConfig } from "../config/configuration.ts";
import type { Credentials } from "../credential/credentials.ts";

/** The configuration's `http_headers`: plain values, then secrets, then the contents of files, which are read anew each time. */
export const readCustomHeaders = async (
  headers: HttpClientConfig["httpHeaders"],
  credentials: Credentials,
): Promise<OutgoingHttpHeaders> => {
  const read = Object.entries(headers).map(async ([name, { values, secrets, files }]) => {
    const key = `http_headers ${name} files`;
    const contents = await Promise.all(files.map((file) => credentials.read(key, file)));
    const revealed = await Promise.all(secrets.map((secret) => credentials.reveal(secret)));
    const all = [...values, ...revealed, ...contents.map((text) => text.trim())];
    return [name.toLowerCase(), all] as const;
  });
  return Object.fromEntries(await Promise.all(read));
};

/** The caller's own headers in lower case, so that one set of names decides which of two equal ones is sent. */
export const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** What may go to another origin: the caller's headers but for those that tell who we are. */
export const withoutCredentials = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !telling.has(name)));

const telling = new Set(["authorization", "proxy-authorization", "cookie", "cookie2", "www-authenticate"]);
