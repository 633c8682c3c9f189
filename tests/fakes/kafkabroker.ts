import { createServer, type Socket } from "node:net";
import { listening } from "./listening.ts";

/** What a broker is asked for here, by its number in Kafka's protocol guide ("Api Keys"). */
export type Asked = "versions" | "metadata" | "produce";
const apis: Readonly<Record<number, Asked>> = { 18: "versions", 3: "metadata", 0: "produce" };

export interface Request {
  readonly asked: Asked;
  readonly correlation: number;
}

/** What the one broker of a topic with one partition says; codes are those of the guide ("Error Codes"), 0 for none. */
export interface Said {
  readonly host: string;
  readonly port: number;
  readonly topic: string;
  /** Of the topic, its partition, and the records. */
  readonly codes: readonly [number, number, number];
  readonly leader: number;
}

/** A Kafka broker on loopback that knows ApiVersions 3, Metadata 1 and Produce 3; `answer` sends what it will, at once or never. */
export const startKafkaBroker = async (answer: (request: Request, socket: Socket) => void) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let buffered = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
        const frame = buffered.subarray(4, 4 + buffered.readInt32BE(0));
        buffered = buffered.subarray(4 + frame.length);
        const asked = apis[frame.readInt16BE(0)];
        if (asked !== undefined) answer({ asked, correlation: frame.readInt32BE(4) }, socket);
      }
    });
  });
  const port = await listening(server);
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  const close = () => {
    drop();
    server.close();
  };
  return { port, drop, close };
};

/** A sound answer, with its length and number. */
export const framed = ({ asked, correlation }: Request, said: Said): Buffer => {
  const body = Buffer.concat([int32(correlation), ...bodies[asked](said)]);
  return Buffer.concat([int32(body.length), body]);
};

const bodies: Readonly<Record<Asked, (said: Said) => Buffer[]>> = {
  versions: () => {
    const known = [
      [0, 3, 3],
      [3, 1, 1],
      [18, 0, 3],
    ].map((api) => Buffer.concat([...api.map(int16), tags]));
    return [int16(0), Buffer.from([known.length + 1]), ...known, int32(0), tags];
  },
  metadata: ({ host, port, topic, codes: [ofTopic, ofPartition], leader }) => [
    ...[int32(1), int32(7), text(host), int32(port), int16(-1), int32(7)],
    ...[int32(1), int16(ofTopic), text(topic), Buffer.from([0])],
    ...[int32(1), int16(ofPartition), int32(0), int32(leader), int32(1), int32(7), int32(1), int32(7)],
  ],
  produce: ({ topic, codes: [, , ofRecords] }) => [
    ...[int32(1), text(topic), int32(1), int32(0), int16(ofRecords)],
    ...[Buffer.alloc(8), Buffer.alloc(8, 0xff), int32(0)],
  ],
};

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string): Buffer => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
const tags = Buffer.from([0]);
