import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * A file's new content, put in its place by one rename: a reader has the old or the new, also after a crash. The mode of a
 * file that was there stays.
 */
export const replaceFile = async (file: string, text: string): Promise<void> => {
  const mode = await modeOf(file);
  // Beside it, since a rename does not leave a file system; by its ending no pattern of a scraper finds it.
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.new`);
  try {
    const handle = await open(temporary, "w", mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

const modeOf = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).mode & 0o777;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0o644;
    throw error;
  }
};
