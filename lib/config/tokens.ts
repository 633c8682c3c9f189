import { createHash } from "node:crypto";
import { Refusal } from "./decode.ts";
import type { Place } from "./error.ts";
import type { TokenSettings } from "./settings.ts";
import { fieldsOf, struct } from "./struct.ts";
import { boolean, listOf, refined, text, textOf } from "./types.ts";

/** A token entry with the place of its `jobs`, which are checked once the configuration is known. */
export type WrittenToken = TokenSettings & { readonly place: Place };

/** An entry of the settings' `tokens` (design §3.7): who may read what, by the SHA-256 of the token. */
export const tokenBlock = struct<WrittenToken | undefined>({
  name: "settings.token",
  zero: undefined,
  begin: (decoder) => {
    const field = fieldsOf(decoder);
    const one = { name: "", sha256: "", operate: false, expires: undefined as number | undefined };
    let jobs: readonly string[] | undefined;
    let clusters = all;
    return {
      fields: {
        name: field(userName, (value) => (one.name = value)),
        sha256: field(sha256, (value) => (one.sha256 = value)),
        jobs: field(listOf("list of jobs", text), (value) => (jobs = value)),
        clusters: field(listOf("list of globs", text), (value) => (clusters = value ?? all)),
        operate: field(boolean, (value) => (one.operate = value)),
        expires: field(instant, (value) => (one.expires = value)),
      },
      finish: (at) => {
        if (one.name === "") throw new Refusal(at("name"), "a token needs a name");
        if (one.sha256 === "") throw new Refusal(at("sha256"), "a token needs sha256");
        if (jobs === undefined)
          throw new Refusal(at("jobs"), 'a token needs jobs: a list of names, or ["*"] for all');
        const { expires, ...rest } = one;
        const until = expires === undefined ? {} : { expires };
        return { ...rest, ...until, jobs, clusters, place: at("jobs") };
      },
    };
  },
});

const all: readonly string[] = ["*"];

/** It is the user of a basic login, which ends at the first colon. */
const userName = refined(text, "", (written, place) => {
  if (!written.includes(":")) return written;
  throw new Refusal(place, "a token's name has no colon: it is the user of a basic login");
});

const ofNothing = createHash("sha256").digest("hex");

/** Whoever wrote the token itself here has made it known, so the error does not repeat it. */
const sha256 = refined(textOf("string", true), "", (written, place) => {
  if (written.toLowerCase() === ofNothing) throw new Refusal(place, "sha256 is that of an empty token");
  if (/^[0-9a-f]{64}$/i.test(written)) return written.toLowerCase();
  throw new Refusal(
    place,
    "sha256 must be 64 hexadecimal digits: the SHA-256 of the token, never the token; printf %s TOKEN | sha256sum",
  );
});

const instant = refined<string, number | undefined>(
  { ...text, name: "time" },
  undefined,
  (written, place) => {
    const time = /^\d{4}-\d\d-\d\d([T ].+)?$/.test(written) ? Date.parse(written) : Number.NaN;
    if (!Number.isNaN(time)) return time;
    throw new Refusal(place, "expires must be a time, such as 2027-01-01T00:00:00Z");
  },
);
