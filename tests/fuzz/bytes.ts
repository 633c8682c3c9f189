import fc from "fast-check";
import { hostileTexts } from "./hostile.ts";

/** One thing done to a text on its way, by lines or by bytes; `at` of 10,000 is where. */
export interface TextFault {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly to: number;
  readonly token: string;
}

const lineKinds = ["drop", "repeat", "swap", "indent", "insert", "replace"] as const;
const byteKinds = ["cut", "bytes", "utf16", "latin1", "mark", "flip"] as const;
const kinds = [...lineKinds, ...byteKinds] as const;

const tokens = [
  ...[
    "&a ",
    "*a",
    "<<: *a",
    "<<: [*a, *b]",
    "--- ",
    "...",
    "%YAML 9.9",
    "!!binary ",
    "!x ",
    "? ",
    "- ",
    ": ",
    "| ",
    ">-",
  ],
  ...[
    "\t",
    "'",
    '"',
    "#",
    "{",
    "}",
    "[",
    "]",
    ",",
    "a: b",
    "@",
    "`",
    "\r",
    "\u0085",
    "\ufeff",
    "${ssm:/a}",
    "${",
  ],
  ...[
    "x: &x [*x]",
    "~",
    "null",
    "yes",
    "0o7",
    "1:30",
    ".nan",
    "2001-01-01",
    "=",
    "? a\n? b",
    "{{.}}",
    "{{",
    "}}",
  ],
  ...hostileTexts.filter((text) => text.length < 100),
];

const faultOf = (of: readonly TextFault["kind"][]): fc.Arbitrary<TextFault> =>
  fc.record({
    kind: fc.constantFrom(...of),
    at: fc.nat({ max: 10_000 }),
    to: fc.nat({ max: 10_000 }),
    token: fc.constantFrom(...tokens),
  });

export const textFaults = fc.array(faultOf(kinds), { maxLength: 4 });

/** What happens to bytes whatever they mean, and mostly does not. */
export const byteFaults = fc.oneof(
  { weight: 4, arbitrary: fc.constant([] as const) },
  { weight: 1, arbitrary: fc.array(faultOf(byteKinds), { minLength: 1, maxLength: 2 }) },
);

export const spoiltText = (text: string, faults: readonly TextFault[]): Buffer => {
  const lines = text.split("\n");
  for (const fault of faults) if (isOfLines(fault.kind)) spoilLines(lines, fault);
  return faults.reduce(spoilBytes, Buffer.from(lines.join("\n")));
};

const isOfLines = (kind: TextFault["kind"]) => lineKinds.some((one) => one === kind);

const spoilLines = (lines: string[], { kind, at, to, token }: TextFault): void => {
  const index = Math.floor((at / 10_001) * lines.length);
  const other = Math.floor((to / 10_001) * lines.length);
  const line = lines[index] ?? "";
  if (kind === "drop") lines.splice(index, 1);
  if (kind === "repeat") lines.splice(index, 0, ...Array.from({ length: 1 + (to % 3) }, () => line));
  if (kind === "swap") [lines[index], lines[other]] = [lines[other] ?? "", line];
  if (kind === "indent") lines[index] = to % 2 === 0 ? `  ${line}` : line.replace(/^ {1,2}/, "");
  if (kind === "insert")
    lines[index] = line.slice(0, to % (line.length + 1)) + token + line.slice(to % (line.length + 1));
  if (kind === "replace")
    lines[index] = line.replace(/(:\s+|-\s+).*$/, (_all, begin: string) => begin + token);
};

const spoilBytes = (bytes: Buffer, { kind, at, to }: TextFault): Buffer => {
  const where = Math.floor((at / 10_001) * bytes.length);
  if (kind === "cut") return bytes.subarray(0, where);
  if (kind === "utf16") return Buffer.from(`\ufeff${bytes.toString("utf8")}`, "utf16le");
  if (kind === "latin1") return Buffer.from(bytes.toString("utf8"), "latin1");
  if (kind === "mark") return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
  if (kind === "bytes")
    return Buffer.concat([bytes.subarray(0, where), wrong[to % wrong.length]!, bytes.subarray(where)]);
  if (kind !== "flip" || bytes.length === 0) return bytes;
  const flipped = Buffer.from(bytes);
  flipped[where] = (flipped[where] ?? 0) ^ (1 << (to % 8));
  return flipped;
};

/** No UTF-8, or such as nobody expects. */
const wrong = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0x00],
  [0xe2, 0x82],
  [0x80],
  [0x1b, 0x5b, 0x32, 0x4a],
].map((bytes) => Buffer.from(bytes));
