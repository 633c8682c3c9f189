/** 128 bits of a set of groups, each by the first 128 bits of its content hash, in any order. */
export type Digest = readonly [number, number, number, number];

export const noDigest: Digest = [0, 0, 0, 0];

/** Of one group, by its SHA-256 in hexadecimal. */
export const digestOf = (hash: string): Digest => [
  word(hash, 0),
  word(hash, 8),
  word(hash, 16),
  word(hash, 24),
];

/** Takes a group out of the set, or puts it in: exclusive-or is its own opposite. */
export const withoutOrWith = (set: Digest, group: Digest): Digest => [
  set[0] ^ group[0],
  set[1] ^ group[1],
  set[2] ^ group[2],
  set[3] ^ group[3],
];

export const digestText = (digest: Digest): string =>
  digest.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

const word = (hash: string, from: number) => Number.parseInt(hash.slice(from, from + 8), 16);
