import fc from "fast-check";
import { hostileLiteral, hostileText } from "./hostile.ts";

/** One thing done to a JSON document at some node of it. `at` picks the node, `to` another one or a size. */
export interface TreeFault {
  readonly kind: (typeof kinds)[number];
  readonly at: number;
  readonly to: number;
  readonly text: string;
  readonly literal: string;
}

const kinds = [
  ...["drop", "repeat", "swap", "retype", "rename", "twin", "wrap", "grow", "move", "text", "literal"],
] as const satisfies readonly string[];

const treeFault: fc.Arbitrary<TreeFault> = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat({ max: 100_000 }),
  to: fc.nat({ max: 100_000 }),
  text: hostileText,
  literal: hostileLiteral,
});

/** Few at a time: what is mostly right comes further in. */
export const treeFaults: fc.Arbitrary<readonly TreeFault[]> = fc.array(treeFault, { maxLength: 4 });

/** The document as a JSON text after the faults; mostly JSON, always a text. */
export const spoiltJson = (sample: unknown, faults: readonly TreeFault[]): string =>
  written(spoilt(sample, faults));

/** Several of them, one a line. */
export const spoiltLines = (samples: readonly unknown[], faults: readonly TreeFault[]): string => {
  const left = spoilt(samples, faults);
  return (Array.isArray(left) ? left : [left]).map((one: unknown) => `${written(one)}\n`).join("");
};

const spoilt = (sample: unknown, faults: readonly TreeFault[]): unknown => {
  const root = { "": structuredClone(sample) };
  for (const fault of faults) spoil(root, fault);
  return root[""];
};

type Holder = Record<string, unknown> | unknown[];
interface Place {
  readonly holder: Holder;
  readonly key: string | number;
}

const placesIn = (root: Holder): Place[] => {
  const places: Place[] = [];
  const visit = (holder: Holder): void => {
    const keys = Array.isArray(holder) ? holder.keys() : Object.keys(holder);
    for (const key of keys) {
      places.push({ holder, key });
      const value = read({ holder, key });
      if (isHolder(value)) visit(value);
    }
  };
  visit(root);
  return places;
};

const isHolder = (value: unknown): value is Holder => typeof value === "object" && value !== null;

const read = ({ holder, key }: Place): unknown =>
  Array.isArray(holder) ? holder[Number(key)] : holder[String(key)];

/** Defined, not assigned: `__proto__` is a key like any other in JSON. */
const put = ({ holder, key }: Place, value: unknown): void => {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
};

const remove = ({ holder, key }: Place): void => {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[String(key)];
};

const spoil = (root: Holder, fault: TreeFault): void => {
  const places = placesIn(root);
  const [place, other] = [places[fault.at % places.length], places[fault.to % places.length]];
  if (place !== undefined && other !== undefined) spoilers[fault.kind]({ place, other, ...fault });
};

interface Spoiling extends TreeFault {
  readonly place: Place;
  readonly other: Place;
}

const spoilers: Readonly<Record<TreeFault["kind"], (spoiling: Spoiling) => void>> = {
  drop: ({ place }) => remove(place),
  text: ({ place, text }) => put(place, text),
  literal: ({ place, literal }) => put(place, `${mark}${literal}${mark}`),
  retype: ({ place, to }) => put(place, retyped(read(place), to)),
  move: ({ place, other }) => put(other, structuredClone(read(place))),
  swap: ({ place, other }) => {
    const value = read(place);
    put(place, structuredClone(read(other)));
    put(other, value);
  },
  wrap: ({ place, to, text }) => put(place, to % 2 === 0 ? [read(place)] : { [text]: read(place) }),
  repeat: ({ place, to }) => repeat(place, 1 + (to % 3)),
  grow: ({ place }) => repeat(place, 200),
  rename: ({ place, text }) => rename(place, text),
  twin: ({ place, other }) => twin(place, other),
};

const retyped = (value: unknown, to: number): unknown => {
  const forms = [String(value), Number(value) || 0, value !== null, null, [value], { value }, [], {}];
  return forms[to % forms.length];
};

const repeat = ({ holder, key }: Place, times: number): void => {
  if (!Array.isArray(holder)) return;
  const value = holder[Number(key)];
  const size = isHolder(value) ? written(value).length : 1;
  // Megabytes, not gigabytes.
  const most = Math.min(times, Math.ceil(2_000_000 / size));
  holder.splice(Number(key), 0, ...Array.from({ length: most }, () => structuredClone(value)));
};

const rename = (place: Place, name: string): void => {
  if (Array.isArray(place.holder)) return;
  const value = read(place);
  remove(place);
  put({ holder: place.holder, key: name }, value);
};

/** The same key twice, as a text may have it, or once more in another case. */
const twin = (place: Place, other: Place): void => {
  if (Array.isArray(place.holder)) return;
  const key = String(place.key);
  put({ holder: place.holder, key: `${mark}twin${key}` }, structuredClone(read(other)));
};

const mark = "\u0001";

const written = (value: unknown): string =>
  (JSON.stringify(value) ?? "")
    .replaceAll(/"\\u0001((?:[^\\]|\\(?!u0001))*)\\u0001"/g, (_whole, literal: string) =>
      JSON.parse(`"${literal}"`),
    )
    .replaceAll("\\u0001twin", "");
