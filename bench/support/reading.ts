import { type Agent, get } from "node:http";

export interface Reading {
  readonly status: number;
  readonly etag: string;
  readonly bytes: number;
  /** Milliseconds from sending the question to the first byte of the body, or to the end where there is none. */
  readonly first: number;
  /** To the last byte. */
  readonly whole: number;
}

/** Reads an address to its end and keeps nothing of it; rejects when the answer is cut. */
export const read = (
  url: string,
  { headers = {}, agent }: { readonly headers?: Record<string, string>; readonly agent?: Agent } = {},
): Promise<Reading> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const asked = get(url, { headers, ...(agent && { agent }) }, (response) => {
      let first: number | undefined;
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        first ??= performance.now() - began;
        bytes += chunk.length;
      });
      response.once("error", reject);
      response.once("end", () => {
        const whole = performance.now() - began;
        const { etag = "" } = response.headers;
        resolve({ status: response.statusCode ?? 0, etag, bytes, first: first ?? whole, whole });
      });
    });
    asked.once("error", reject);
  });

/** One after the other on one connection. Any other status than the first's throws. */
export const readAgain = async (times: number, read: () => Promise<Reading>): Promise<Reading[]> => {
  const all: Reading[] = [];
  for (let time = 0; time < times; time += 1) all.push(await read());
  const odd = all.find(({ status }) => status !== all[0]!.status);
  if (odd !== undefined) throw new Error(`answers ${all[0]!.status} and ${odd.status}`);
  return all;
};
