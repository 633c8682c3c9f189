import { readFileSync } from "node:fs";
import * as z from "zod";

/** A package of package-lock.json. */
export interface LockedPackage {
  /** Where it is, or would be, installed, such as `node_modules/zod`. */
  readonly path: string;
  /** Its own name, also where it is installed under another. */
  readonly name: string;
  readonly version: string;
  /** What its publisher says in the lock; an SPDX expression, if all is well. */
  readonly license: string | undefined;
  readonly integrity: string | undefined;
  /** Comes inside another package's archive, and under its integrity. */
  readonly isBundled: boolean;
  /** Nothing that ships or runs in production needs it. */
  readonly isDevelopment: boolean;
  /** May be absent, such as a binary for another processor. */
  readonly isOptional: boolean;
}

/** Every package of the lock but ourselves. Throws when there is none, since silence would then mean nothing. */
export const lockedPackages = (file: string): LockedPackage[] => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  const found = Object.entries(packages).filter(([path]) => path !== "");
  if (found.length === 0) throw new Error(`${file} has no packages`);
  return found.map(([path, one]) => ({
    path,
    name: one.name ?? path.replace(/^.*node_modules\//, ""),
    version: one.version,
    license: one.license,
    integrity: one.integrity,
    isBundled: one.inBundle,
    isDevelopment: one.dev || one.devOptional,
    isOptional: one.optional || one.devOptional,
  }));
};

const lockSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string(),
      license: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().default(false),
      devOptional: z.boolean().default(false),
      optional: z.boolean().default(false),
      inBundle: z.boolean().default(false),
    }),
  ),
});
