import { randomBytes, randomUUID } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import * as z from "zod";
import type { Blobs } from "../blob/blob.ts";
import { TransientError } from "../errors.ts";
import type { Item, Table } from "../table/dynamodb.ts";
import { bytesOf, itemAt, known, number, numberOf, text, textOf } from "../table/item.ts";
import {
  type Accepted,
  type AcceptedConfigurations,
  type AcceptedDocument,
  documentHash,
  refuseMoved,
} from "./accepted.ts";
import type { Reloads } from "./reload.ts";
import { followModes } from "./settings.ts";

export interface DynamoAcceptedOptions {
  readonly blobs: Blobs;
  readonly clock: () => number;
}

/**
 * The accepted configuration as a blob, named by one item. A replaced blob stays for a day, so that a reader in flight
 * still finds it; the item remembers which ones are on their way out.
 */
export const createDynamoAccepted = (
  table: Table,
  { blobs, clock }: DynamoAcceptedOptions,
): AcceptedConfigurations => {
  const read = documentReader(blobs);
  return {
    current: () => readCurrent(table, read),
    accept: async (document, expected) => {
      const hash = documentHash(document);
      for (let attempt = 0; attempt < mostAttempts; attempt++) {
        const held = await table.get(currentKey);
        const heldHash = held === undefined ? undefined : textOf(known(held), "hash");
        if (held !== undefined && heldHash === hash) return acceptedOf(held, document);
        refuseMoved(heldHash, expected);
        const blob = `configuration/${hash}/${randomUUID()}`;
        await blobs.put(blob, compressed(document));
        const now = clock();
        const { kept, dropped } = retire(held, now);
        const item = itemAt(currentKey, {
          hash: text(hash),
          acceptedAt: number(now),
          blob: text(blob),
          retired: text(JSON.stringify(kept)),
        });
        const { written } = await table.put(item, insteadOf(held));
        for (const key of written ? dropped : [blob]) await blobs.remove(key);
        if (written) return acceptedOf(item, document);
      }
      throw new TransientError(
        "the accepted configuration was replaced again and again while another was put",
      );
    },
    providerKey: () => providerKey(table),
  };
};

/** One item, written by each tick. */
export const createDynamoReloads = (table: Table): Reloads => ({
  read: async () => {
    const item = await table.get(reloadKey);
    if (item === undefined) return undefined;
    return {
      successful: numberOf(known(item), "successful") === 1,
      successAt: numberOf(item, "successAt"),
    };
  },
  put: async ({ successful, successAt }) => {
    const attributes = { successful: number(successful ? 1 : 0), successAt: number(successAt) };
    await table.put(itemAt(reloadKey, attributes));
  },
});

const mostAttempts = 5;
const currentKey = { pk: "configuration", sk: "current" };
const reloadKey = { pk: "configuration", sk: "reload" };
const keyKey = { pk: "configuration", sk: "key" };

/** Milliseconds that a replaced document stays. */
const retiredLife = 24 * 3_600_000;
/** More of them in a day, and the oldest go early. */
const mostRetired = 50;
/** A written-out document that is larger did not come from us. */
const largestDocument = 64 * 1024 * 1024;

type DocumentReader = (blob: string) => Promise<AcceptedDocument | undefined>;

/** A blob never changes, so the last one read is kept. */
const documentReader = (blobs: Blobs): DocumentReader => {
  let latest: { blob: string; document: AcceptedDocument } | undefined;
  return async (blob) => {
    if (latest?.blob === blob) return latest.document;
    const bytes = await blobs.get(blob);
    if (bytes === undefined) return undefined;
    latest = { blob, document: decompressed(bytes) };
    return latest.document;
  };
};

const readCurrent = async (table: Table, read: DocumentReader): Promise<Accepted | undefined> => {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const item = await table.get(currentKey);
    if (item === undefined) return undefined;
    const document = await read(textOf(known(item), "blob"));
    if (document !== undefined) return acceptedOf(item, document);
  }
  throw new TransientError("the accepted configuration's document is missing from the table");
};

const acceptedOf = (item: Item, document: AcceptedDocument): Accepted => ({
  hash: textOf(item, "hash"),
  acceptedAt: numberOf(item, "acceptedAt"),
  document,
});

const insteadOf = (held: Item | undefined) =>
  held === undefined
    ? { condition: "attribute_not_exists(#pk)" }
    : { condition: "#blob = :held", values: { ":held": text(textOf(held, "blob")) } };

const retiredSchema = z.array(z.object({ blob: z.string(), at: z.number() }));

/** The blobs that stay for now, the one replaced among them, and those whose day is over. */
const retire = (held: Item | undefined, now: number) => {
  if (held === undefined) return { kept: [], dropped: [] };
  const before = retiredSchema.parse(JSON.parse(textOf(held, "retired")));
  const all = [...before, { blob: textOf(held, "blob"), at: now }];
  const kept = all.filter(({ at }) => at + retiredLife > now).slice(-mostRetired);
  return { kept, dropped: all.filter((one) => !kept.includes(one)).map(({ blob }) => blob) };
};

const fileSchema = z.object({ path: z.string(), text: z.string() });

const documentSchema = z.object({
  files: z.object({
    main: fileSchema,
    jobFiles: z.array(fileSchema),
    settings: fileSchema.exactOptional(),
    rules: z.array(fileSchema).exactOptional(),
  }),
  values: z.record(z.string(), z.string()).exactOptional(),
  servers: z.record(z.string(), z.string()),
  inCluster: z.boolean(),
  kubeconfig: z.string().exactOptional(),
  follow: z.enum(followModes).exactOptional(),
});

const compressed = ({ main, jobFiles, settings, rules, ...rest }: AcceptedDocument): Uint8Array => {
  const files = { main, jobFiles, ...(settings && { settings }), ...(rules && { rules }) };
  return deflateRawSync(JSON.stringify({ files, ...rest }));
};

const decompressed = (bytes: Uint8Array): AcceptedDocument => {
  try {
    const written = inflateRawSync(bytes, { maxOutputLength: largestDocument }).toString();
    const { files, ...rest } = documentSchema.parse(JSON.parse(written));
    return { ...files, ...rest };
  } catch (thrown) {
    throw new Error("the accepted configuration in the table cannot be read", { cause: thrown });
  }
};

const providerKey = async (table: Table): Promise<Buffer> => {
  const found = await table.get(keyKey);
  if (found !== undefined) return Buffer.from(bytesOf(known(found), "key"));
  const made = itemAt(keyKey, { key: { B: randomBytes(32) } });
  const { written } = await table.put(made, { condition: "attribute_not_exists(#pk)" });
  const held = written ? made : await table.get(keyKey);
  if (held === undefined) throw new TransientError("the key of provider ids vanished while it was made");
  return Buffer.from(bytesOf(known(held), "key"));
};
