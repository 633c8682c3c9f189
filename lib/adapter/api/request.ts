import * as z from "zod";

/** A request of an API server's aggregator, as a load balancer or the local listener hands it on. */
export interface ApiRequest {
  readonly method: string;
  /** Decoded, with its leading slash. Undefined when it is not well percent-encoded. */
  readonly path: string | undefined;
  readonly query: URLSearchParams;
  /** By lower-case name, every value in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Without port, in lower case. */
  readonly host: string;
  /** The address of the local listener that it came to; undefined behind a load balancer. */
  readonly listen: string | undefined;
}

/**
 * An Application Load Balancer's event with multi-value headers (its attribute `lambda.multi_value_headers.enabled`): several groups of a user are
 * several headers. Path and query come as they were written. Throws for anything else, which no load balancer of ours sends.
 */
export const readApiRequest = (event: unknown): ApiRequest => {
  const { httpMethod, path, multiValueHeaders, multiValueQueryStringParameters, requestContext } =
    balancerEvent.parse(event);
  const headers = new Map<string, string[]>();
  for (const [name, values] of Object.entries(multiValueHeaders)) {
    const known = headers.get(name.toLowerCase()) ?? [];
    headers.set(name.toLowerCase(), [...known, ...values]);
  }
  const written = Object.entries(multiValueQueryStringParameters ?? {}).flatMap(([name, values]) =>
    values.map((value) => `${name}=${value}`),
  );
  return {
    method: httpMethod,
    path: decoded(path),
    query: new URLSearchParams(written.join("&")),
    headers,
    host: (headers.get("host")?.at(-1) ?? "").replace(/:\d+$/, "").toLowerCase(),
    listen: requestContext.listen,
  };
};

const decoded = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

const lists = z.record(z.string(), z.array(z.string()));

const balancerEvent = z.object({
  requestContext: z.object({ elb: z.object({}), listen: z.string().optional() }),
  httpMethod: z.string(),
  path: z.string(),
  multiValueHeaders: lists,
  multiValueQueryStringParameters: lists.nullish(),
});
