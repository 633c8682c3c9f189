import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const port = z.int().min(0).max(65_535);
const portsSchema = z.object({ apiServer: port, swarm: port, kubelets: port.default(0) });

/** Where the demo's servers listen; 0 is any free port. */
export type Ports = z.infer<typeof portsSchema>;

/** The ports of the last start in this folder; free ones when there was none, or what is written is not readable. */
export const readPorts = async (folder: string): Promise<Ports> => {
  try {
    return portsSchema.parse(JSON.parse(await readFile(fileIn(folder), "utf8")));
  } catch {
    return { apiServer: 0, swarm: 0, kubelets: 0 }; // Remembering ports is a convenience: without it providers only get new names.
  }
};

export const writePorts = (folder: string, ports: Ports) =>
  writeFile(fileIn(folder), `${JSON.stringify(ports)}\n`);

/** Starts on the port if it is free, else on any. */
export const startOnPort = async <T>(start: (port: number) => Promise<T>, wanted: number): Promise<T> => {
  try {
    return await start(wanted);
  } catch (error) {
    if (wanted === 0 || !isTaken(error)) throw error;
    return start(0);
  }
};

const isTaken = (error: unknown) => error instanceof Error && "code" in error && error.code === "EADDRINUSE";

const fileIn = (folder: string) => join(folder, "demo-ports.json");
