import fc from "fast-check";
import { operations } from "../../docs/openapi/routes.ts";
import { type Asked, makeToken, pods } from "../functions/door.ts";
import { hostileText as anyText } from "./hostile.ts";

/** What strangers, and holders of some token or other, ask of `serve` and `tick`. */
export const reader = makeToken({ clusters: ["east"] });
const operator = makeToken({ name: "narrow", clusters: ["east"], operate: true });
const everything = makeToken({ name: "other", jobs: ["*"] });
export const eastern = makeToken({ name: "eastern", jobs: ["*"], clusters: ["east"] });
const expired = makeToken({ name: "old", expires: 1, jobs: ["*"] });
export const tokens = [reader, operator, everything, eastern, expired];

/** With words that mean something here. */
export const hostileText = fc.oneof(
  { weight: 4, arbitrary: anyText },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...["pods", "a/b 100%", pods.id, "east", "web-1", "pod/shop/web-1", "0".repeat(64), "%c0%af"],
    ),
  },
);

export const encoded = (text: string) => encodeURIComponent(text.toWellFormed());
/** As well as may be, or as it stands where a client can send that. */
const sent = fc
  .tuple(hostileText, fc.boolean())
  .map(([text, isRaw]) => (isRaw ? text.replace(/[^\x21-\xff]|[?#]/g, "") : encoded(text)));

const parameterNames = [
  ...new Set(operations.flatMap(({ parameters }) => parameters.map(({ name }) => name))),
];
export const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...parameterNames) },
  { weight: 1, arbitrary: sent },
);

/** A documented path with anything in its places, or any path at all. */
export const path = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...operations), fc.array(sent, { minLength: 3, maxLength: 3 }))
      .map(([operation, values]) => {
        const left = [...values];
        const where = operation.path.replace(/\{\w+\}/g, () => left.pop() ?? "");
        return { where, usual: operation.method.toUpperCase() };
      }),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(sent, { maxLength: 5 })
      .map((parts) => ({ where: `/${parts.join("/")}`, usual: "GET" })),
  },
);

export const query = fc
  .array(fc.tuple(name, sent), { maxLength: 4 })
  .map((pairs) => (pairs.length === 0 ? "" : `?${pairs.map((pair) => pair.join("=")).join("&")}`));

/** What a header can carry. */
const value = hostileText.map((text) => text.replace(/[^\x20-\x7e\x80-\xff]/g, ""));
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const authorization = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(reader.bearer.authorization, operator.bearer.authorization) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "Bearer",
      "Basic ",
      basic(""),
      basic(":"),
      basic(`reader:${expired.secret}`),
      basic(`narrow:${operator.secret}`),
    ),
  },
  { weight: 1, arbitrary: value },
);

export const headers = fc.record(
  {
    authorization,
    accept: fc.oneof(fc.constant("text/html"), value),
    "accept-encoding": fc.oneof(fc.constantFrom("gzip", "br;q=NaN,gzip;q=9e9", "*", "br"), value),
    "if-none-match": fc.oneof(fc.constantFrom("*", 'W/"x",,"'), value),
    host: fc.oneof(fc.constantFrom("127.0.0.1", "evil.example", "[::1]:1", "localhost:"), value),
    origin: fc.oneof(fc.constantFrom("null", "http://evil.example"), value),
    "sec-fetch-site": fc.constantFrom("cross-site", "none"),
    "x-prometheus-refresh-interval-seconds": value,
    "x-rollcall-operate": fc.constantFrom("1", "0"),
    "user-agent": value,
    "x-forwarded-for": value,
    __proto__: value,
    constructor: value,
  },
  { requiredKeys: ["authorization"] },
);

export const asked: fc.Arbitrary<Asked> = fc.record({
  method: fc.oneof(
    { weight: 5, arbitrary: fc.constant("GET") },
    { weight: 1, arbitrary: fc.constantFrom("POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE") },
  ),
  headers: headers.map((given) => ({ ...given })),
  body: fc.oneof(fc.constant(""), hostileText),
});
