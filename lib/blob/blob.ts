/**
 * Bytes too large for one place, kept in pieces: groups over an entry's size, pool bodies over an item's,
 * the accepted configuration. A blob never changes once written, so its key names its content.
 */
export interface Blobs {
  /** `expiresAt` is Unix milliseconds; absent means kept. Writing the same key again is harmless and extends its life. */
  put(key: string, bytes: Uint8Array, expiresAt?: number): Promise<void>;
  /** Undefined when there is none, when a piece is missing, or when it has expired. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Gives one that was kept an end, Unix milliseconds; one that ends later keeps its own. None by that key is no error. */
  expire(key: string, expiresAt: number): Promise<void>;
  remove(key: string): Promise<void>;
}
