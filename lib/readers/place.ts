import { hash } from "node:crypto";
import type { Key } from "../table/dynamodb.ts";
import { identityOf, type ReaderMark } from "./readers.ts";

/** All that `serve` may write lies below this (infra/roles.yml). */
export const readerPrefix = "reader#";

/** Where a mark lies, and whose it is there: a name may be long, so keys are hashes. */
export const placeOf = (mark: Omit<ReaderMark, "at">): Key & { readonly identity: string } => {
  const identity = hash("sha256", identityOf(mark));
  const place = Number.parseInt(identity.slice(0, 8), 16) % places;
  return { pk: partitionOf(mark.job), sk: String(place), identity };
};

export const partitionOf = (job: string): string => `${readerPrefix}${hash("sha256", job).slice(0, 32)}`;

/** A job has so many marks at most, whatever readers call themselves. */
const places = 512;
