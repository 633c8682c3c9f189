import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import type { Connection } from "@platformatic/kafka";
import { inwardAddress } from "../../../http/publicaddress.ts";

/** A client's `context`: the rule for its connections. */
export interface ConnectionRule {
  /** No loopback or link-local address is spoken to, whatever name leads there, be it one that a broker told. */
  readonly publicOnly: boolean;
  /** Is told why a connection was cut; the client itself says no more than that it was closed. */
  readonly cut: (reason: Error) => void;
}

/**
 * From now on the connections of Kafka clients that have a rule keep it, and are cut by an answer that is no frame (Kafka's protocol guide, "Protocol
 * Primitives": four bytes of size, then as many, of which four are its number) or has more bytes than any answer to a producer. The client
 * itself throws where nobody can catch it when the size is too small, waits for two gigabytes when it is large, and goes where brokers send it.
 */
export const watchConnections = (): void => {
  subscribe("plt:kafka:instances", (message) => {
    const { type, instance } = Object(message);
    if (type !== "connection" || !isRule(instance.context)) return;
    const connection: Connection = instance;
    const { context } = instance;
    // It has its socket right after it says so.
    connection.on("connecting", () => queueMicrotask(() => hold(connection.socket, context)));
  });
};

const isRule = (context: unknown): context is ConnectionRule =>
  typeof context === "object" && context !== null && "cut" in context;

const hold = (socket: Socket, { publicOnly, cut }: ConnectionRule): void => {
  const refuse = (reason: Error) => {
    cut(reason);
    socket.destroy(reason);
  };
  if (publicOnly)
    socket.prependOnceListener("connect", () => {
      const inward = inwardAddress(socket.remoteAddress ?? "");
      if (inward !== undefined) refuse(inward);
    });
  // Whoever reads chunks gets only such as are part of a frame.
  const push = socket.push.bind(socket);
  const sizesIn = createSizes();
  socket.push = (chunk: unknown, ...rest) => {
    const wrong = chunk instanceof Uint8Array ? sizesIn(chunk).find((size) => !isSize(size)) : undefined;
    if (wrong === undefined) return push(chunk, ...rest);
    refuse(new Error(`a broker's answer has ${wrong} bytes; it may have ${least} to ${most}`));
    return false;
  };
};

const isSize = (size: number) => size >= least && size <= most;
const least = 4;
/** Of one topic, with thousands of partitions. */
const most = 16 * 2 ** 20;

/** The sizes that begin in each next chunk; none after one that is wrong. */
const createSizes = () => {
  let head = Buffer.alloc(0);
  let left = 0;
  return (chunk: Uint8Array): number[] => {
    const found: number[] = [];
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        at += taken;
        continue;
      }
      const more = chunk.subarray(at, at + 4 - head.length);
      head = Buffer.concat([head, more]);
      at += more.length;
      if (head.length < 4) break;
      left = head.readInt32BE(0);
      head = Buffer.alloc(0);
      found.push(left);
      if (!isSize(left)) break;
    }
    return found;
  };
};
