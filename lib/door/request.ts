import * as z from "zod";

/** A request as the REST door hands it on. Header names are lower case; of a repeated one the last counts. */
export interface Request {
  readonly method: string;
  /** Below the door's root, without a leading slash, as the door decoded it. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** The client's address. */
  readonly peer: string;
}

/** True for what came through the door rather than from a schedule or a queue. */
export const isRequest = (event: unknown): boolean =>
  typeof event === "object" && event !== null && "httpMethod" in event;

/** An API Gateway REST proxy event, read. */
export const readRequest = (event: unknown): Request => {
  const proxy = proxyEvent.parse(event);
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(proxy.multiValueQueryStringParameters ?? {})) {
    for (const value of values) query.append(name, value);
  }
  const headers = Object.entries(proxy.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: proxy.httpMethod,
    path: proxy.pathParameters?.path ?? proxy.path.replace(/^\//, ""),
    query,
    headers: Object.fromEntries(headers),
    peer: proxy.requestContext.identity.sourceIp,
  };
};

const proxyEvent = z.object({
  httpMethod: z.string(),
  path: z.string(),
  pathParameters: z.object({ path: z.string().optional() }).nullish(),
  headers: z.record(z.string(), z.string()).nullish(),
  multiValueQueryStringParameters: z.record(z.string(), z.array(z.string())).nullish(),
  requestContext: z.object({ identity: z.object({ sourceIp: z.string() }) }),
});
