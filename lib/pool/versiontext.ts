import type { Version } from "../targetgroup/event.ts";

/** A version as text of one length that sorts as versions do; undefined, before all others, when nothing was held. */
export const versionText = (version: Version | undefined): string =>
  version === undefined ? nothing : `${digits(version.epoch)}.${digits(version.sequence)}`;

export const versionTextLength = 33;

/** The opposite. Undefined for `nothing`. */
export const versionIn = (text: string): Version | undefined => {
  if (text === nothing) return undefined;
  const [epoch, sequence] = text.split(".").map(Number);
  if (Number.isSafeInteger(epoch) && Number.isSafeInteger(sequence))
    return { epoch: epoch!, sequence: sequence! };
  throw new Error(`${JSON.stringify(text)} is no version`);
};

const nothing = "-".repeat(versionTextLength);

/** Safe integers have 16 at most. */
const digits = (value: number) => String(value).padStart(16, "0");
