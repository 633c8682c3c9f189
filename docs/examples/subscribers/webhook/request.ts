import dns from "node:dns";
import http from "node:http";
import https from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

interface Request {
  /** For messages, such as `the webhook`. */
  readonly what: string;
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds, for connecting, sending and the whole answer. */
  readonly timeout: number;
  /** An answer of more bytes is an error. */
  readonly mostBytes: number;
  /** Whether it may go to loopback. */
  readonly isLocal: boolean;
}

/**
 * One request, bounded in time and bytes. No redirect is followed: it would carry body and credentials elsewhere. Loopback and
 * link-local addresses are refused, also behind a name: who sets the webhook's URL could otherwise reach what only the function
 * can reach, its own credentials among it. Throws one line without anything of the request's or answer's content.
 */
export const ask = async (request: Request): Promise<{ status: number; text: string }> => {
  const { what, url, method, headers, body, timeout, isLocal } = request;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!isLocal && isIP(host) !== 0 && isInward(host)) throw new Error(`${what}: ${inwardMessage}`);
  const signal = AbortSignal.timeout(timeout);
  try {
    const send = url.protocol === "https:" ? https.request : http.request;
    const length = body === undefined ? {} : { "content-length": `${Buffer.byteLength(body)}` };
    const sent = send(url, {
      method,
      headers: { ...headers, ...length },
      signal,
      ...(isLocal ? {} : { lookup: outwardLookup }),
    });
    const answer = answerOf(sent);
    sent.end(body);
    return await readWhole(await answer, request);
  } catch (cause) {
    if (signal.aborted) throw new Error(`${what}: no whole answer within ${timeout} ms`, { cause });
    throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
};

const answerOf = (sent: http.ClientRequest) =>
  new Promise<http.IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve);
    sent.on("error", reject);
  });

const readWhole = async (answer: http.IncomingMessage, { mostBytes }: Request) => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      answer.destroy();
      throw new Error(`an answer of over ${mostBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() };
};

const inwardMessage = "a loopback or link-local address is not reached from here";

const outwardLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, options, (error, found, family) => {
    if (error !== null) return callback(error, found, family);
    const addresses = typeof found === "string" ? [found] : found.map(({ address }) => address);
    callback(addresses.some(isInward) ? new Error(inwardMessage) : null, found, family);
  });
};

const isInward = (address: string): boolean => inward.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");

const inward = new BlockList();
for (const network of ["0.0.0.0", "127.0.0.0"]) inward.addSubnet(network, 8, "ipv4");
inward.addSubnet("169.254.0.0", 16, "ipv4");
for (const address of ["::", "::1", "fd00:ec2::254"]) inward.addAddress(address, "ipv6");
inward.addSubnet("fe80::", 10, "ipv6");
