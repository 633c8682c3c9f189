import { randomBytes } from "node:crypto";
import { type Accepted, type AcceptedConfigurations, documentHash, refuseMoved } from "./accepted.ts";
import type { Reload, Reloads } from "./reload.ts";

/** Accepted configurations in this process; unit tests run on it. */
export const createMemoryAccepted = (clock: () => number = Date.now): AcceptedConfigurations => {
  const key = randomBytes(32);
  let current: Accepted | undefined;
  return {
    current: async () => current,
    accept: async (document, expected) => {
      const found = documentHash(document);
      if (current?.hash !== found) {
        refuseMoved(current?.hash, expected);
        current = { hash: found, acceptedAt: clock(), document: structuredClone(document) };
      }
      return current;
    },
    providerKey: async () => key,
  };
};

/** Reloads in this process; unit tests run on it. */
export const createMemoryReloads = (): Reloads => {
  let last: Reload | undefined;
  return {
    read: async () => last,
    put: async (reload) => {
      last = reload;
    },
  };
};
