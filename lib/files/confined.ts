import { posix, resolve } from "node:path";
import { isInBucket } from "../config/paths.ts";
import type { Files } from "./files.ts";

/**
 * Only what lies below one of these folders, or is one (design §3.1: in the cloud whoever may write a configuration could
 * otherwise have the function's own files, or those of any bucket that it may read). Everything else rejects by name.
 */
export const confined = (files: Files, folders: readonly string[]): Files => {
  const within = (path: string) => {
    refuseOutside(path, folders);
    return path;
  };
  return {
    read: async (path, maxBytes) => files.read(within(path), maxBytes),
    names: async (folder) => files.names(within(folder)),
    exists: async (path) => files.exists(within(path)),
  };
};

/** Throws one line that names the path. */
export const refuseOutside = (path: string, folders: readonly string[]): void => {
  const shown = JSON.stringify(path);
  // A server that decodes, or takes backslashes for slashes, would see another path than was looked at here.
  if (/%(?:2e|2f|5c|00)|\\|\p{Cc}/iu.test(path)) {
    throw new Error(
      `${shown}: a path with encoded dots or slashes, backslashes or control characters is refused`,
    );
  }
  if (folders.some((folder) => isBelow(path, folder))) return;
  throw new Error(`${shown} is outside ${folders.map((folder) => JSON.stringify(folder)).join(" and ")}`);
};

const isBelow = (path: string, folder: string): boolean => {
  const [inner, outer] = [plain(path), plain(folder)];
  return inner === outer || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
};

/** Without `.` and `..`; a bucket's path never leaves its scheme, so that a bucket is never a folder of the machine. */
const plain = (path: string): string =>
  isInBucket(path) ? `s3://${posix.normalize(path.slice("s3://".length)).replace(/\/$/, "")}` : resolve(path);
