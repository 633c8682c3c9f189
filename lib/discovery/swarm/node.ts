import { isIPv6 } from "node:net";
import { bytesOf } from "./bytes.ts";

/** What a classic Swarm master tells of one node. Texts as told, but for what is said here. */
export interface SwarmNode {
  readonly name: string;
  /** `host:port`, IPv6 hosts bracketed. */
  readonly address: string;
  /** The address's host, IPv6 bracketed. */
  readonly host: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly id?: string;
  readonly status?: string;
  /** How many, without what they do. */
  readonly containers?: string;
  readonly reservedCpus?: string;
  readonly totalCpus?: string;
  readonly reservedMemoryBytes?: string;
  readonly totalMemoryBytes?: string;
  readonly serverVersion?: string;
  readonly updatedAt?: string;
  /** Absent for `(none)`. */
  readonly error?: string;
}

/** A key and its value as a master told them, layout included. */
export type Pair = readonly [key: string, value: string];

/** The pair that names a node, and those indented below it. */
export interface Section {
  readonly head: Pair;
  readonly properties: readonly Pair[];
}

/** One node out of its pairs. Throws when its address is none; a property that is not understood is left out. */
export const nodeOf = ({ head: [key, value], properties }: Section): SwarmNode => {
  const name = bareKey(key);
  const told = new Map(properties.map(([property, text]) => [bareProperty(property), text.trim()]));
  const [reservedCpus, totalCpus] = split(told.get("Reserved CPUs"), numeric);
  const [reservedMemoryBytes, totalMemoryBytes] = split(told.get("Reserved Memory"), bytesOf);
  return {
    name,
    ...addressOf(value.trim(), name),
    labels: labelsOf(told.get("Labels") ?? ""),
    ...present({
      id: told.get("ID"),
      status: told.get("Status"),
      containers: /^\d+/.exec(told.get("Containers") ?? "")?.[0],
      reservedCpus,
      totalCpus,
      reservedMemoryBytes,
      totalMemoryBytes,
      serverVersion: told.get("ServerVersion"),
      updatedAt: told.get("UpdatedAt"),
      error: told.get("Error") === "(none)" ? undefined : told.get("Error"),
    }),
  };
};

/** A key without its layout: blanks, and the backspace that let old clients print it further left. */
export const bareKey = (key: string): string => key.replace(/^[\b\s]+|[\b\s]+$/g, "");

/** Whether a key is drawn as a branch below a node. */
export const isProperty = (key: string): boolean => /^[\u2514\u251c]/.test(bareKey(key));

const bareProperty = (key: string) => bareKey(bareKey(key).replace(/^[\u2514\u251c\u2500]+/, ""));

const addressOf = (text: string, name: string): Pick<SwarmNode, "address" | "host"> => {
  if (isIPv6(text)) return { address: `[${text}]`, host: `[${text}]` };
  const [, host, port] = /^(\[[\w:.%-]+\]|[^\s:/[\]]+)(:\d{1,5})?$/.exec(text) ?? [];
  if (host !== undefined) return { address: `${host}${port ?? ""}`, host };
  throw new Error(
    `/info: node ${JSON.stringify(name)} has ${JSON.stringify(text)} where host:port is expected`,
  );
};

/** Values may hold `=`; what has none is no label. A comma inside a value cannot be told from the next label. */
const labelsOf = (text: string): [string, string][] =>
  text
    .split(",")
    .map((label) => label.trim())
    .filter((label) => label.includes("="))
    .map((label) => [label.slice(0, label.indexOf("=")), label.slice(label.indexOf("=") + 1)]);

/** `reserved / total`, each side read on its own. */
const split = (text: string | undefined, read: (side: string) => string | undefined) => {
  const sides = text?.split("/") ?? [];
  return sides.length === 2 ? sides.map((side) => read(side.trim())) : [];
};

const numeric = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? text : undefined);

type Told = Omit<SwarmNode, "name" | "address" | "host" | "labels">;

/** What was told and is not empty: an empty label would equal an absent one anyway. */
const present = (told: Readonly<Record<keyof Told, string | undefined>>): Told =>
  Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined && value !== ""));
