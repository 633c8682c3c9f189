import type { FaultKind } from "./fault.ts";
import type { Letter } from "./letters.ts";
import type { Poison } from "./poison.ts";
import type { FaultReport, SoakReport } from "./report.ts";
import type { Wrong } from "./witness.ts";

/** One time that something went wrong. Unix milliseconds. */
export interface Befallen {
  readonly kind: FaultKind;
  readonly from: number;
  readonly until: number;
  readonly hit: number;
}

/** What became of each kind of fault, and at last of what lists were late about though nothing had gone wrong. */
export const blame = (
  kinds: readonly FaultKind[],
  befallen: readonly Befallen[],
  wrongs: readonly Wrong[],
): FaultReport[] => {
  const causes = wrongs.map((wrong) => ({ wrong, cause: causeOf(wrong.since, befallen)?.kind }));
  const lateBy = (kind: FaultKind | undefined) => {
    const own = causes.filter(({ cause }) => cause === kind).map(({ wrong }) => lasted(wrong));
    return { late: own.length, longest: Math.round(Math.max(0, ...own) / 100) / 10 };
  };
  const faults = kinds.map((kind): FaultReport => {
    const times = befallen.filter((one) => one.kind === kind);
    const hit = times.reduce((sum, one) => sum + one.hit, 0);
    const { where, name, promises } = kind;
    return { where, name, promises: [...promises], tried: times.length, hit, ...lateBy(kind) };
  });
  return [
    ...faults,
    { where: "nowhere", name: "no fault", promises: [], tried: 0, hit: 0, ...lateBy(undefined) },
  ];
};

const lasted = ({ since, until = since }: Wrong) => until - since;

/** The last fault that had begun and was over for no more than its after-effects last. */
const causeOf = (at: number, befallen: readonly Befallen[]): Befallen | undefined =>
  befallen.findLast(({ from, until, kind }) => from <= at && at <= until + aftermath(kind));

/** Milliseconds. Without a relay nothing is seen until its lease has run out, and the schedule has ordered another. */
export const aftermath = ({ where }: FaultKind) =>
  where === "program" || where === "lease" || where === "several" ? 90_000 : 30_000;

/** Each letter by what caused it; those that nothing explains, and poison of which there is no letter, are violations. */
export const explain = (
  letters: readonly Letter[],
  sent: readonly Poison[],
  befallen: readonly Befallen[],
): { readonly letters: SoakReport["letters"]; readonly violations: string[] } => {
  const counts = new Map<string, SoakReport["letters"][number]>();
  const violations: string[] = [];
  const found = new Set<Poison>();
  for (const letter of letters) {
    const because = reasonFor(letter, { sent, found, befallen });
    if (because === undefined) {
      violations.push(
        `a letter among the ${letter.queue} that nothing explains: ${letter.reason}: ${letter.body.slice(0, 200)}`,
      );
      continue;
    }
    const key = `${letter.queue}: ${because}`;
    counts.set(key, { queue: letter.queue, because, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  for (const poison of sent) {
    if (!found.has(poison))
      violations.push(`no dead letter says ${poison.reason} of ${poison.body.slice(0, 100)}`);
  }
  return { letters: [...counts.values()], violations };
};

interface Known {
  readonly sent: readonly Poison[];
  readonly found: Set<Poison>;
  readonly befallen: readonly Befallen[];
}

const reasonFor = (letter: Letter, { sent, found, befallen }: Known): string | undefined => {
  if (letter.queue === "dead letters") {
    const poison = sent.find(({ body, reason }) => body === letter.body && reason.test(letter.reason));
    if (poison === undefined) return undefined;
    found.add(poison);
    return `sent as what can never be applied: ${letter.reason.replaceAll(/(?<=-)\d+|\d{2,}/g, "…")}`;
  }
  const cause = befallen.findLast((one) => couldCause(one, letter));
  return cause && `${cause.kind.where}: ${cause.kind.name}`;
};

/** It was at work, with the service that the reason names, and makes what the reason says of that service. */
const couldCause = ({ kind: { where }, from, until, hit }: Befallen, { reason, at }: Letter): boolean => {
  const sign = signs[where];
  if (sign === undefined || hit === 0 || !sign.service.test(reason) || !sign.says.test(reason)) return false;
  return from <= at && at <= until + sign.after;
};

/** Milliseconds: a request that went wrong at last is given up, and after it the invocation. */
export const givingUp = 30_000;
const severed = "socket hang up|ECONN|EPIPE|timed out|configured timeout|requestTimeout";
const meddled = { says: new RegExp(`as the (test|soak) wants it|${severed}`), after: givingUp };

const signs: Readonly<Partial<Record<FaultKind["where"], { service: RegExp; says: RegExp; after: number }>>> =
  {
    bus: { service: /\bEventBridge\b/, ...meddled },
    table: { service: /\bDynamoDB\b/, ...meddled },
    queue: { service: /\bDynamoDB\b/, ...meddled },
    several: { service: /\b(DynamoDB|EventBridge)\b/, ...meddled },
    // The local AWS ends with its program, and with it what was asked of it; the next one has no such excuse.
    program: { service: /\b(DynamoDB|EventBridge|SQS)\b/, says: new RegExp(severed), after: 0 },
  };
