import { Readable } from "node:stream";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { clientDefaults, inOneLine } from "../aws.ts";
import { unreadable } from "../credential/missing.ts";
import { reasonOf } from "../errors.ts";
import { AbsentError, type FileContent, type Files, largestFile } from "./files.ts";

/**
 * Objects of S3 as files, `s3://BUCKET/KEY`. What was read is kept with its ETag, so that an object which has not changed
 * costs one request and no transfer (`If-None-Match`). Every request has 10 seconds.
 */
export const createS3Files = (client = createClient()): Files => {
  const kept = createKept();
  const read: Files["read"] = async (path, maxBytes) => {
    const held = kept.get(path);
    const signal = AbortSignal.timeout(requestMilliseconds);
    const { Bucket, Key } = placeOf(path);
    try {
      const object = await client.send(
        new GetObjectCommand({ Bucket, Key, ...(held && { IfNoneMatch: held.etag }) }),
        { abortSignal: signal },
      );
      const { httpStatusCode } = object.$metadata;
      // Nobody asked for a part, and half a configuration may be one.
      if (httpStatusCode !== 200) throw new Error(`status ${httpStatusCode} is not the whole object`);
      const bytes = await bytesOf(object.Body, maxBytes, object.ContentLength);
      const content = { bytes, changedAt: object.LastModified?.getTime() ?? 0 };
      kept.put(path, object.ETag, content);
      return content;
    } catch (thrown) {
      if (held !== undefined && statusOf(thrown) === 304) return held.content;
      if (statusOf(thrown) === 404) kept.drop(path);
      throw faultOf(path, thrown);
    }
  };
  return {
    read,
    names: async (folder) => {
      const { Bucket, Key } = placeOf(folder);
      const Prefix = Key === "" ? "" : `${Key.replace(/\/$/, "")}/`;
      try {
        return await namesBelow(client, { Bucket, Prefix });
      } catch (thrown) {
        throw faultOf(folder, thrown);
      }
    },
    exists: async (path) => {
      try {
        await read(path, largestFile);
        return true;
      } catch (error) {
        // What cannot be seen is there until somebody says no: the read that follows tells why it fails.
        return !(error instanceof AbsentError);
      }
    },
  };
};

const requestMilliseconds = 10_000;
const mostNames = 10_000;

/** A client of ours: bounded, refusals as they come. */
export const createClient = (config: ConstructorParameters<typeof S3Client>[0] = {}) => {
  const client = new S3Client({ ...clientDefaults, ...config });
  inOneLine(client.middlewareStack);
  return client;
};

const placeOf = (path: string): { Bucket: string; Key: string } => {
  const [, Bucket = "", Key = ""] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(path) ?? [];
  if (Bucket === "") throw new Error(`${JSON.stringify(path)} is not of the form s3://BUCKET/KEY`);
  return { Bucket, Key };
};

const bytesOf = async (body: unknown, maxBytes: number, told = 0): Promise<Uint8Array> => {
  if (!(body instanceof Readable)) throw new Error("no body");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    // Leaving the loop ends the transfer.
    if (Math.max(size, told) > maxBytes) throw new Error(`more than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};

const namesBelow = async (client: S3Client, place: { Bucket: string; Prefix: string }) => {
  const names: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ ...place, Delimiter: "/", ContinuationToken }),
      {
        abortSignal: AbortSignal.timeout(requestMilliseconds),
      },
    );
    const folders = (page.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix?.replace(/\/$/, "") ?? []);
    const keys = [...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []), ...folders];
    names.push(...keys.map((key) => key.slice(place.Prefix.length)).filter((name) => name !== ""));
    if (names.length > mostNames) throw new Error(`more than ${mostNames} names`);
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return names;
};

const statusOf = (thrown: unknown): number | undefined => {
  if (!(thrown instanceof Error) || !("$metadata" in thrown)) return undefined;
  const metadata = thrown.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
};

/** The bucket itself missing is no absent file: nobody may take its files for gone. */
const faultOf = (path: string, cause: unknown): Error => {
  const name = cause instanceof Error ? cause.name : "";
  const reason = statusOf(cause) === 403 ? `not allowed (${reasonOf(cause)})` : reasonOf(cause);
  const message = unreadable(path, reason);
  return name === "NoSuchKey" ? new AbsentError(message, { cause }) : new Error(message, { cause });
};

/** What was read last, as long as there is room for it. */
const createKept = () => {
  const held = new Map<string, { etag: string; content: FileContent }>();
  let size = 0;
  const drop = (path: string) => {
    size -= held.get(path)?.content.bytes.length ?? 0;
    held.delete(path);
  };
  return {
    get: (path: string) => held.get(path),
    drop,
    put: (path: string, etag: string | undefined, content: FileContent) => {
      drop(path);
      if (etag === undefined) return;
      held.set(path, { etag, content });
      size += content.bytes.length;
      for (const oldest of held.keys()) {
        if (size <= mostKept) break;
        drop(oldest);
      }
    },
  };
};

/** Bytes in all. */
const mostKept = 32 * 1024 * 1024;
