import { createServer } from "node:net";

/** A loopback port that is free now. */
export const freePort = (): Promise<number> => freePortsInARow(1);

/** The first of so many neighbouring loopback ports that are all free now. */
export const freePortsInARow = async (count: number): Promise<number> => {
  for (let tries = 0; tries < 50; tries += 1) {
    const first = lowest + Math.floor(Math.random() * (highest - lowest - count));
    const held = await Promise.allSettled(Array.from({ length: count }, (_, index) => hold(first + index)));
    await Promise.all(held.map((one) => (one.status === "fulfilled" ? one.value() : undefined)));
    if (held.every((one) => one.status === "fulfilled")) return first;
  }
  throw new Error(`found no ${count} free ports in a row on 127.0.0.1`);
};

/**
 * Linux takes the ports from 32768 on for connections that programs open: one of those that is free now may be some connection's by the
 * time that the program which is to listen there has started.
 */
const [lowest, highest] = [20_000, 32_768];

/** Returns what lets go of it. */
const hold = (port: number) =>
  new Promise<() => Promise<void>>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(() => new Promise((done) => server.close(() => done()))));
  });
