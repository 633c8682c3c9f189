import fc from "fast-check";

/** Texts that have broken parsers before, whole. */
export const hostileTexts: readonly string[] = [
  ...[
    "",
    " ",
    ".",
    "..",
    "/",
    "//",
    "\\",
    "%",
    "%00",
    "%2e%2e%2f",
    "%ff",
    "%c0%af",
    "\u0000",
    "\b",
    "\r\nX-A: b",
  ],
  ...[
    "\u202e",
    "\u2066",
    "\ufeff",
    "\ud800",
    "\udfff",
    "\u2028",
    "e\u0301",
    "İ",
    "ﬀ",
    "🜁".repeat(500),
    "a".repeat(5_000),
  ],
  ...[
    "<script>alert(1)</script>",
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "then",
    "length",
  ],
  ...[
    "${ssm:/x}",
    "$1$&$`",
    "{{.}}",
    "{{range .}}",
    "';--",
    "null",
    "true",
    "~",
    "[]",
    "{}",
    "*",
    "&a",
    "*a",
    "<<",
    "!!binary x",
  ],
  ...[
    "-1",
    "0",
    "-0",
    "1e9",
    "1e999",
    "NaN",
    "+Inf",
    "Infinity",
    "0x10",
    "0o17",
    "1_000",
    "9007199254740993",
  ],
  ...["99999999999999999999", "9223372036854775808", "1.7976931348623157e309"],
  ...[
    '{a="b"}',
    '{a=~"("}',
    '{a=~"(?:x{99}){99}"}',
    '{__name__="a"}',
    "{",
    '{"":""}',
    "(a+)+$",
    "[",
    "(?<n>",
  ],
  ...[
    "127.0.0.1:1",
    "10.0.0.1:80",
    "[::1]:80",
    "::1",
    "[",
    "a:b:c",
    ":",
    "a:99999",
    "http://a b/",
    "http://[",
    "\\\\x\\y",
  ],
  ...[
    "2026-11-26T04:00:00Z",
    "1795406400",
    "2026-02-30T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "25s",
    "1ms",
    "1y1y",
    "-5m",
  ],
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 2 }) },
);

const deeperThanAStack = 20_000;

/** JSON as it stands in a text, for what no value can say: numbers beyond a double, nesting beyond a stack, megabytes. */
export const hostileLiteral: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...["1e999", "-1e999", "99999999999999999999", "9223372036854775808", "-9223372036854775809", "1e-999"],
      ...["9007199254740993", "0.1", "-0", "-1", "4294967296", "2147483648", "1.5", "1e3", "65536"],
      ...[
        '"\\ud800"',
        '"\\u0000"',
        '"\\u202e"',
        "null",
        "true",
        "false",
        "[]",
        "{}",
        '""',
        "[[]]",
        "[null]",
        "[{}]",
      ],
      ...[
        '{"__proto__":{"a":1}}',
        '{"constructor":{"prototype":{"a":1}}}',
        '{"toString":1}',
        '{"length":-1}',
        '{"":""}',
      ],
      // No JSON, though some parsers take it.
      ...["NaN", "Infinity", "01", "+1", ".5", "'a'", "undefined", "\u0000", "/**/1", '"\t"', "1,"],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(10, 1_000, deeperThanAStack).map(nestedLists) },
  { weight: 1, arbitrary: fc.constantFrom(10, 1_000, deeperThanAStack).map(nestedObjects) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(1_000, 100_000, 2_000_000).map((size) => `"${"x".repeat(size)}"`),
  },
  { weight: 1, arbitrary: fc.constantFrom(1_000, 50_000).map((size) => `[${"0,".repeat(size)}0]`) },
);

function nestedLists(depth: number) {
  return "[".repeat(depth) + "]".repeat(depth);
}

function nestedObjects(depth: number) {
  return `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
}
