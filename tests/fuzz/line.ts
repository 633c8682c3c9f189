import assert from "node:assert/strict";
import type { HttpClientConfig } from "../../lib/config/configuration.ts";
import { Secret } from "../../lib/config/secret.ts";
import { reasonOf } from "../../lib/errors.ts";
import { plainClient } from "../unit/http/support/config.ts";

export const password = `made-up-${process.hrtime.bigint()}`;

/** A client that has a secret to lose. */
export const withPassword: HttpClientConfig = {
  ...plainClient,
  basicAuth: { username: "rollcall", password: new Secret(password) },
};

/** Characters of a line that stands on pages and in every record of a provider. */
const longest = 4_000;

/** Of a mistake in our own code, or of a parser, which quotes what it reads: neither is for people. */
const enginesWords =
  /Cannot (?:read|set|convert|mix)\b|is not (?:iterable|a function)|Unexpected (?:token|end|non-whitespace)|\bin JSON at|\[object |^Invalid URL/;

/** What refuses was meant to: no mistake of our own code, and a line for people. */
export const holdRefusal = (error: unknown): void => {
  assert.ok(
    !(error instanceof TypeError || error instanceof RangeError),
    error instanceof Error ? error : "",
  );
  holdLine(reasonOf(error));
};

/** What is said of a fault is one line for people, and tells neither a secret nor where in our code it was. */
export const holdLine = (line: string): void => {
  assert.ok(line.length > 0 && line.length <= longest, `${line.length} characters: ${line.slice(0, 300)}`);
  assert.doesNotMatch(line, /[\r\n]|\bat \S+\.ts:\d|node_modules/, JSON.stringify(line));
  assert.doesNotMatch(line, enginesWords, JSON.stringify(line));
  assert.ok(!line.includes(password), `a secret in ${line}`);
};
