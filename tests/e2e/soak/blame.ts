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
    return `sent as what can never be applied: ${letter.reason.replaceAll(/\d{2,}/g, "…")}`;
  }
  if (!/\b(DynamoDB|EventBridge|SQS)\b/.test(letter.reason)) return undefined;
  const cause = befallen.findLast(
    ({ kind, from, until }) => isOfAws(kind) && from <= letter.at && letter.at <= until + longestWork,
  );
  return cause && `${cause.kind.where}: ${cause.kind.name}`;
};

/** The local AWS ends with its program, and with it what was asked of it. */
const isOfAws = ({ where }: FaultKind) => ["bus", "queue", "table", "several", "program"].includes(where);

/** Milliseconds: what an invocation does before it gives up. */
const longestWork = 60_000;
