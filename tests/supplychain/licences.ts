import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import satisfies from "spdx-satisfies";
import * as z from "zod";
import { type LockedPackage, lockedPackages } from "./lock.ts";

/** What may ship: licences that ask for no more than their text and name. */
const shipped = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "PSF-2.0",
  "Unlicense",
];

/** What tools and tests may have besides, since nothing of them is handed on. */
const development = [...shipped, "CC-BY-3.0", "MPL-2.0", "Python-2.0"];

/**
 * `npm run licences`: one line for each package of the lock whose licence, as the installed package states it, is not on the
 * list above. No licence, one that is no SPDX expression and a package that is missing are findings, too.
 */
export const licenceFindings = (folder: string): string[] =>
  lockedPackages(join(folder, "package-lock.json")).flatMap((one) => {
    const finding = findingOf(one, folder);
    return finding === undefined ? [] : [`${one.name}@${one.version} (${one.path}): ${finding}`];
  });

const findingOf = (one: LockedPackage, folder: string): string | undefined => {
  const manifest = join(folder, one.path, "package.json");
  const isInstalled = existsSync(manifest);
  if (!isInstalled && !one.isOptional) return "is not installed";
  const licence = isInstalled ? statedIn(manifest) : one.license;
  return verdictOn(licence, one.isDevelopment);
};

/** Undefined when it may be used. */
export const verdictOn = (licence: string | undefined, isDevelopment: boolean): string | undefined => {
  if (licence === undefined) return "states no licence";
  const allowed = isDevelopment ? development : shipped;
  try {
    return satisfies(licence, allowed)
      ? undefined
      : `${licence} is not allowed; allowed are ${allowed.join(", ")}`;
  } catch {
    return `${licence} is no SPDX expression`;
  }
};

/** Older packages have an object, or a list of them. */
const statedIn = (manifest: string): string | undefined => {
  const { license, licenses } = manifestSchema.parse(JSON.parse(readFileSync(manifest, "utf8")));
  if (license !== undefined) return typeof license === "string" ? license : license.type;
  return licenses === undefined ? undefined : `(${licenses.map(({ type }) => type).join(" AND ")})`;
};

const typed = z.object({ type: z.string() });
const manifestSchema = z.object({
  license: z.union([z.string(), typed]).optional(),
  licenses: z.array(typed).min(1).optional(),
});

if (import.meta.main) {
  const found = licenceFindings(resolve(import.meta.dirname, "../.."));
  for (const line of found) process.stderr.write(`${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
