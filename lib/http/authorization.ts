import type { Authorization, BasicAuth, HttpClientConfig } from "../config/configuration.ts";
import type { Credentials } from "../credential/credentials.ts";
import { basicHeader } from "./basic.ts";
import type { TokenSource } from "./oauth2.ts";

export interface AuthorizationParts {
  readonly credentials: Credentials;
  readonly tokens: TokenSource | undefined;
  readonly timeoutMilliseconds: number;
}

/**
 * The `Authorization` header that the configuration asks for, or undefined. Files are read anew, trimmed of blanks at both
 * ends as Prometheus does; rejects with an error that names the file when one cannot be read.
 */
export const authorizationFor = async (
  config: HttpClientConfig,
  { credentials, tokens, timeoutMilliseconds }: AuthorizationParts,
): Promise<string | undefined> => {
  if (config.basicAuth !== undefined) return basic(config.basicAuth, credentials);
  if (config.authorization !== undefined) return withType(config.authorization, credentials);
  return tokens?.authorization(timeoutMilliseconds);
};

const basic = async (
  { username, usernameFile, password, passwordFile }: BasicAuth,
  credentials: Credentials,
): Promise<string> => {
  const [user, word] = await Promise.all([
    username === undefined
      ? trimmed("basic_auth username_file", usernameFile, credentials)
      : credentials.reveal(username),
    password === undefined
      ? trimmed("basic_auth password_file", passwordFile, credentials)
      : credentials.reveal(password),
  ]);
  return basicHeader(user, word);
};

const withType = async (authorization: Authorization, credentials: Credentials): Promise<string> => {
  const { type, credentials: secret, credentialsFile } = authorization;
  const word =
    secret === undefined
      ? await trimmed("authorization credentials_file", credentialsFile, credentials)
      : await credentials.reveal(secret);
  return `${type} ${word}`.trim();
};

const trimmed = async (key: string, file: string | undefined, credentials: Credentials): Promise<string> =>
  file === undefined || file === "" ? "" : (await credentials.read(key, file)).trim();
