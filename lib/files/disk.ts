import { constants, lstat, open, readdir } from "node:fs/promises";
import { AbsentError, type Files } from "./files.ts";

/** The files of this machine. A pipe would hold the reader until someone writes to it, so only plain files are read. */
export const diskFiles: Files = {
  read: async (path, maxBytes) => {
    try {
      await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const stat = await handle.stat();
      if (!stat.isFile()) throw new Error("not a plain file");
      if (stat.size > maxBytes) throw new Error(`${stat.size} bytes are more than the limit of ${maxBytes}`);
      return { bytes: await handle.readFile(), changedAt: stat.mtimeMs };
    } catch (cause) {
      throw isAbsent(cause) ? new AbsentError(`${path}: no such file`, { cause }) : cause;
    }
  },
  names: async (folder) => {
    try {
      return await readdir(folder);
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  },
  exists: (path) =>
    lstat(path).then(
      () => true,
      () => false,
    ),
};

const isAbsent = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
