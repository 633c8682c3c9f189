import type { Blobs } from "./blob.ts";

/** Blobs in this process; unit tests run on it. */
export const createMemoryBlobs = (clock: () => number = Date.now): Blobs => {
  const blobs = new Map<string, { bytes: Uint8Array; expiresAt: number }>();
  return {
    put: async (key, bytes, expiresAt = Number.POSITIVE_INFINITY) => {
      const held = blobs.get(key);
      blobs.set(key, { bytes: bytes.slice(), expiresAt: Math.max(expiresAt, held?.expiresAt ?? 0) });
    },
    get: async (key) => {
      const held = blobs.get(key);
      return held !== undefined && held.expiresAt > clock() ? held.bytes.slice() : undefined;
    },
    expire: async (key, expiresAt) => {
      const held = blobs.get(key);
      if (held === undefined) return;
      const isKept = held.expiresAt === Number.POSITIVE_INFINITY;
      blobs.set(key, { ...held, expiresAt: isKept ? expiresAt : Math.max(expiresAt, held.expiresAt) });
    },
    remove: async (key) => {
      blobs.delete(key);
    },
  };
};
