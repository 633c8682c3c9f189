import { isAbsolute, join } from "node:path";

/** A path as its file means it: relative to the folder of that file, which may be one of a bucket; empty stays empty. */
export const joined = (folder: string, path: string): string => {
  if (path === "" || isAbsolute(path)) return path;
  if (!isInBucket(folder)) return join(folder, path).replace(/(?<=.)\/$/, "");
  return isInBucket(path) ? path : `${bucketScheme}${join(folder.slice(bucketScheme.length), path)}`;
};

/** `s3://BUCKET/KEY`. */
export const isInBucket = (path: string): boolean => path.startsWith(bucketScheme);

const bucketScheme = "s3://";
