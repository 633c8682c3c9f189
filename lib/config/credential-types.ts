import { Refusal, type Type } from "./decode.ts";
import { parseGoUrl } from "./go-url.ts";
import { hasReference } from "./reference.ts";
import { Secret } from "./secret.ts";
import { refined, text, textOf } from "./types.ts";

/** Go's `config.Secret` (its texts say `config.plain`): a text that no message shows. */
export const secretText: Type<string> = textOf("config.plain", true);

/** The text as a Secret, or nothing when it is empty. */
export const secretOf = (value: string): Secret | undefined => (value === "" ? undefined : new Secret(value));

/** Go's `config.URL`. Undefined when not written; an empty text is an URL too, though an empty one. */
export const urlText = (hidden: boolean): Type<string | undefined> =>
  refined<string, string | undefined>(text, undefined, (value, place) => {
    // A proxy that a reference stands for is judged when it is used.
    if (hidden && hasReference(value)) return value;
    const parsed = parseGoUrl(value, hidden || value.includes("@") ? "<secret>" : undefined);
    if ("error" in parsed) throw new Refusal(place, parsed.error);
    return value;
  });
