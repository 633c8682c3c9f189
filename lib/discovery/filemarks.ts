import { goGlob } from "../config/glob.ts";
import { reasonOf } from "../errors.ts";
import { marksOf } from "../marks.ts";
import type { Provider } from "./provider.ts";

/**
 * What tells without reading that a look at the provider's files may find something else (spec §1.2: upstream looks at any
 * event of the file system). Never rejects: a folder that cannot be listed counts with its error.
 */
export const fileMarks = async ({ config }: Provider): Promise<string> => {
  if (config.mechanism !== "file") return "";
  const marks = [];
  for (const pattern of config.files) marks.push(pattern, await marksUnder(pattern));
  return marks.join("\n");
};

const marksUnder = async (pattern: string): Promise<string> => {
  try {
    const files = await goGlob(pattern);
    return [...files, await marksOf(files)].join("\n");
  } catch (error) {
    return reasonOf(error);
  }
};
