import { readFileSync } from "node:fs";
import * as z from "zod";

/** Of the package that we lie in: beside us in the clone, two folders up in the bundle. */
export const version = (): string => {
  for (const place of ["../package.json", "../../package.json"]) {
    const found = manifestAt(new URL(place, import.meta.url));
    if (found !== undefined) return found.version;
  }
  throw new Error("the package that this belongs to has no package.json");
};

const manifestAt = (place: URL) => {
  try {
    return manifest.parse(JSON.parse(readFileSync(place, "utf8")));
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    throw thrown;
  }
};

const manifest = z.object({ name: z.literal("rollcall"), version: z.string() });
