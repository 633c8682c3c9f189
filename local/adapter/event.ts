import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { leafHeader } from "../../lib/adapter/identity/authenticate.ts";

export interface Arrived {
  readonly request: IncomingMessage;
  readonly socket: TLSSocket;
  /** The listener's address as the settings have it, which no load balancer tells. */
  readonly listen: string;
  readonly body: Buffer;
}

/**
 * A request over TLS as an Application Load Balancer in mutual-TLS verify mode hands it to a function (Elastic Load Balancing's guide): path and
 * query as they were written, every header as a list, the client's certificate in a header that the client itself cannot send.
 */
export const toBalancerEvent = ({ request, socket, listen, body }: Arrived) => {
  const url = request.url ?? "/";
  const at = url.indexOf("?");
  const path = at < 0 ? url : url.slice(0, at);
  const query = new Map<string, string[]>();
  for (const pair of at < 0 ? [] : url.slice(at + 1).split("&")) {
    const [name = "", ...value] = pair.split("=");
    if (pair !== "") query.set(name, [...(query.get(name) ?? []), value.join("=")]);
  }
  return {
    requestContext: { elb: { targetGroupArn: "local" }, listen },
    httpMethod: request.method,
    path,
    multiValueQueryStringParameters: Object.fromEntries(query),
    multiValueHeaders: headersOf(request, socket),
    body: body.toString("base64"),
    isBase64Encoded: true,
  };
};

const headersOf = ({ rawHeaders }: IncomingMessage, socket: TLSSocket): Record<string, string[]> => {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    if (!name.startsWith("x-amzn-mtls-"))
      headers.set(name, [...(headers.get(name) ?? []), rawHeaders[at + 1] ?? ""]);
  }
  const leaf = socket.getPeerX509Certificate();
  if (leaf !== undefined) headers.set(leafHeader, [encodeURIComponent(leaf.toString())]);
  return Object.fromEntries(headers);
};
