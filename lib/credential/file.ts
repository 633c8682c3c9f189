import { open } from "node:fs/promises";

const maxBytes = 1024 * 1024;

/**
 * A file that holds a credential or a certificate, read anew on each use so that a rotated one counts at once.
 * `key` is its word in the configuration. Rejects with an error that names key and file, never the content.
 */
export const readCredentialFile = async (key: string, file: string): Promise<string> => {
  try {
    return await readBounded(file);
  } catch (cause) {
    throw new Error(`cannot read ${key} ${file}`, { cause });
  }
};

const readBounded = async (file: string): Promise<string> => {
  await using handle = await open(file);
  const { size } = await handle.stat();
  if (size > maxBytes) throw new Error(`larger than ${maxBytes} bytes`);
  return await handle.readFile("utf8");
};
