/** How a request is named in errors and logs: its URL without userinfo, query and fragment, which may hold secrets. */
export const placeOf = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`;

/**
 * An address without its login, by its text alone: what Go takes for a URL, or Docker for a host, may be none for Node,
 * and a password must not depend on that (promise 7).
 */
export const withoutLogin = (address: string, instead = ""): string =>
  address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)@/i, (_, scheme = "") => `${scheme}${instead}`);
