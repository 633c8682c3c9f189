import { reasonOf } from "../lib/errors.ts";
import { buildPage } from "../page/build.ts";

/** Bundles the page if it is missing or older than its sources. Without it a browser gets the plain overview; everything else runs. */
export const preparePage = async (log: (line: string) => void): Promise<void> => {
  try {
    await buildPage();
  } catch (thrown) {
    log(`the page could not be bundled: ${reasonOf(thrown)}`);
  }
};
