import type { KubernetesAccess } from "../../config/configuration.ts";
import { type Client, type ClientOptions, createClient } from "../../discovery/kubernetes/client.ts";
import { readAll } from "../../http/transport.ts";

/** An adapter's own requests to the API server of its cluster. Both reject in one line. */
export interface ClusterApi {
  /** The document at a path; the server's status is in the error (`statusOf`) when it is not 200. */
  get(path: string): Promise<unknown>;
  /** The document that the server makes of another one: reviews are such. */
  post(path: string, document: object): Promise<unknown>;
  /** For lists. Its connections are kept. */
  client(): Promise<Client>;
  close(): void;
}

/** `access` as the settings have it. A kubeconfig, or a token beside it, is read anew every few minutes, and when the server refuses what is known. */
export const createClusterApi = (access: KubernetesAccess, options: ApiOptions): ClusterApi => {
  let known: { readonly client: Promise<Client>; readonly until: number } | undefined;
  const client = (): Promise<Client> => {
    if (known !== undefined && options.clock() < known.until) return known.client;
    forget();
    const made = createClient(access, options);
    known = { client: made, until: options.clock() + freshMilliseconds };
    made.catch(() => known?.client === made && forget());
    return made;
  };
  const forget = () => {
    const old = known?.client;
    known = undefined;
    // Who asks by it now has its answer by then.
    old?.then(({ transport }) => setTimeout(transport.close, lingering).unref()).catch(() => undefined);
  };
  const ask = async (path: string, document: object | undefined, isAgain = false): Promise<unknown> => {
    const { server, transport } = await client();
    const url = new URL(server);
    url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
    url.search = "";
    const method = document === undefined ? "GET" : "POST";
    const answer = await transport.open(url, {
      method,
      headers: { accept: "application/json", ...(document && { "content-type": "application/json" }) },
      ...(document && { body: JSON.stringify(document) }),
      signal: AbortSignal.timeout(askMilliseconds),
      timeoutMilliseconds: askMilliseconds,
    });
    if (answer.status === 401 && !isAgain) {
      answer.body.destroy();
      forget();
      return ask(path, document, true);
    }
    const body = (await readAll(answer, mostBytes)).toString("utf8");
    const place = `${method} ${url.origin}${url.pathname}`;
    if (answer.status !== 200 && answer.status !== 201)
      throw new Error(`${place}: ${answer.status} ${answer.statusText}`);
    return parsed(body, place);
  };
  return {
    get: (path) => ask(path, undefined),
    post: (path, document) => ask(path, document),
    client,
    close: forget,
  };
};

interface ApiOptions extends ClientOptions {
  /** Unix milliseconds. */
  readonly clock: () => number;
}

const freshMilliseconds = 300_000;
/** An aggregator gives up after a minute, the discovery of an API after five seconds. */
const askMilliseconds = 10_000;
/** More than the longest request, which is a list. */
const lingering = 30_000;
const mostBytes = 4 * 1024 * 1024;

const parsed = (body: string, place: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    // A parser quotes the document, so only that it failed is told.
    throw new Error(`${place}: the answer is not valid JSON`);
  }
};
