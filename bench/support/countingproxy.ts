import { connect, createServer, type Socket } from "node:net";
import { listening } from "../../tests/fakes/listening.ts";

/** Stands between a client and a server on loopback and counts connections, and what the client reads, TLS and all. */
export interface CountingProxy {
  /** `https://127.0.0.1:PORT`; the API server's certificate is good for any port. */
  readonly url: string;
  /** Bytes from the server so far. */
  read(): number;
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
}

export const startCountingProxy = async (server: URL): Promise<CountingProxy> => {
  let bytes = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    // Whatever ends one side ends the other; the client sees what it would see without us.
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const proxy = createServer((client) => {
    const upstream = connect(Number(server.port), server.hostname);
    keep(client, upstream);
    keep(upstream, client);
    upstream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    upstream.pipe(client);
    client.pipe(upstream);
  });
  const port = await listening(proxy);
  return {
    url: `https://127.0.0.1:${port}`,
    read: () => bytes,
    // Each has a side to either end.
    open: () => sockets.size / 2,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
