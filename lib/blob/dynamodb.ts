import { hash } from "node:crypto";
import { inFlight } from "../inflight.ts";
import type { Item, Table } from "../table/dynamodb.ts";
import { bytesOf, expiry, itemAt, known, number, numberOf, text, textOf } from "../table/item.ts";
import type { Blobs } from "./blob.ts";

/**
 * Blobs in the table: pieces first, then a head that counts them, so that a blob is there completely or not at all.
 * A head is never older than its pieces, and they live as long as it does.
 */
export const createDynamoBlobs = (table: Table, clock: () => number = Date.now): Blobs => ({
  put: async (key, bytes, expiresAt) => {
    const digest = hash("sha256", bytes);
    if (livesAsLong(await table.get(headKey(key)), digest, expiresAt)) return;
    const life = expiresAt === undefined ? {} : { expires: expiry(expiresAt) };
    const pieces = piecesOf(bytes);
    const numbered = pieces.map((piece, at) =>
      itemAt(pieceKey(key, at + 1), { bytes: { B: piece }, ...life }),
    );
    const longest = expiresAt === undefined ? {} : unlessLivesLonger(expiresAt);
    await inFlight(piecesUnderWay, numbered, (item) => table.put(item, longest));
    const head = { pieces: number(pieces.length), size: number(bytes.length), sha256: text(digest), ...life };
    await table.put(itemAt(headKey(key), head), longest);
  },
  get: async (key) => {
    const items: Item[] = [];
    for await (const page of table.query({ pk: headKey(key).pk })) items.push(...page.map(known));
    const [head, ...pieces] = items;
    if (head === undefined || textOf(head, "sk") !== headSk || isExpired(head, clock())) return undefined;
    const bytes = Buffer.concat(
      pieces.slice(0, numberOf(head, "pieces")).map((item) => bytesOf(item, "bytes")),
    );
    const whole = bytes.length === numberOf(head, "size") && hash("sha256", bytes) === textOf(head, "sha256");
    return whole ? bytes : undefined;
  },
  expire: async (key, expiresAt) => {
    const { pk } = headKey(key);
    const [head, ...pieces] = await sortKeysOf(table, pk);
    const end = (sk: string) =>
      table.update({ pk, sk }, "SET #expires = :expires", {
        condition: "attribute_exists(#pk) AND (attribute_not_exists(#expires) OR #expires < :expires)",
        values: { ":expires": expiry(expiresAt) },
      });
    // Pieces first: a try that dies on the way leaves at most the head, which is small, for ever.
    await inFlight(piecesUnderWay, pieces, end);
    if (head !== undefined) await end(head);
  },
  remove: async (key) => {
    const { pk } = headKey(key);
    const [head, ...pieces] = await sortKeysOf(table, pk);
    // The head sorts first and goes first, so that nobody finds a blob with holes.
    if (head !== undefined) await table.remove({ pk, sk: head });
    await inFlight(piecesUnderWay, pieces, (sk) => table.remove({ pk, sk }));
  },
});

/** Bytes of a piece: below the 400 kB of an item with room for its key. */
const pieceSize = 350_000;
/** Sort keys have four digits. */
const mostPieces = 9_999;
const piecesUnderWay = 8;

const headSk = "0000";
const headKey = (key: string) => ({ pk: `blob#${key}`, sk: headSk });
const pieceKey = (key: string, piece: number) => ({ pk: `blob#${key}`, sk: String(piece).padStart(4, "0") });

const sortKeysOf = async (table: Table, pk: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const page of table.query({ pk, attributes: ["sk"] }))
    keys.push(...page.map((item) => textOf(item, "sk")));
  return keys;
};

const piecesOf = (bytes: Uint8Array): Uint8Array[] => {
  const count = Math.ceil(bytes.length / pieceSize);
  if (count > mostPieces)
    throw new Error(`a blob of ${bytes.length} bytes is larger than ${mostPieces} pieces`);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * pieceSize, (at + 1) * pieceSize));
};

const isExpired = (head: Item, now: number) =>
  head.expires !== undefined && numberOf(head, "expires") * 1_000 <= now;

/** Two who write one blob at the same time must not shorten each other's. */
const unlessLivesLonger = (expiresAt: number) => ({
  condition: "attribute_not_exists(#pk) OR #expires < :expires",
  values: { ":expires": expiry(expiresAt) },
});

/** Whether the same bytes are there already and stay for as long as asked. */
const livesAsLong = (head: Item | undefined, digest: string, expiresAt: number | undefined) =>
  head !== undefined &&
  textOf(known(head), "sha256") === digest &&
  (head.expires === undefined || (expiresAt !== undefined && numberOf(head, "expires") * 1_000 >= expiresAt));
