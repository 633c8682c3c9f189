import { dirname } from "node:path";
import { isInBucket } from "../config/paths.ts";
import { tellsUnreadable, unreadable } from "../credential/missing.ts";
import { reasonOf } from "../errors.ts";
import { confined } from "./confined.ts";
import { diskFiles } from "./disk.ts";
import { AbsentError, type Files } from "./files.ts";

export interface ConfigurationPlace {
  /** A path in the package, or `s3://BUCKET/KEY`. */
  readonly configFile: string;
  readonly settingsFile?: string | undefined;
}

/** In the cloud: files of the package or of S3, below the folders of the configuration and of the settings and nowhere else. */
export const cloudFiles = (place: ConfigurationPlace): Files => confined(packageOrBucket(), foldersOf(place));

/** The prefix of a configuration is all up to the last slash (design §3.1). */
export const foldersOf = ({ configFile, settingsFile }: ConfigurationPlace): string[] => [
  ...new Set([configFile, settingsFile ?? configFile].map((file) => dirname(file))),
];

const packageOrBucket = (): Files => {
  let bucket: Promise<Files> | undefined;
  const of = (path: string): Promise<Files> => {
    if (!isInBucket(path)) return Promise.resolve(diskFiles);
    // Its client takes time to load, and many configurations are bundled.
    bucket ??= import("./s3.ts").then(({ createS3Files }) => createS3Files());
    return bucket;
  };
  return {
    read: async (path, maxBytes) => {
      try {
        return await (await of(path)).read(path, maxBytes);
      } catch (cause) {
        const reason = reasonOf(cause);
        if (tellsUnreadable(reason)) throw cause;
        const message = unreadable(path, reason);
        throw cause instanceof AbsentError
          ? new AbsentError(message, { cause })
          : new Error(message, { cause });
      }
    },
    names: async (folder) => (await of(folder)).names(folder),
    exists: async (path) => (await of(path)).exists(path),
  };
};
