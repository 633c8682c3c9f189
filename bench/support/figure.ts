import * as z from "zod";

/** One claim of a bench: a number of ours beside what the same work gave elsewhere in the same run. */
export type Figure = z.infer<typeof figure>;

const amount = z.number();

export const figure = z.strictObject({
  /** What was measured, in the field's terms: `change until served, 99th`. */
  name: z.string().min(1),
  unit: z.enum(["ms", "s", "MB", "B", "/s", "USD", ""]),
  /** The workload: `10,000 pods`. With the name it is the figure's key in its bench. */
  at: z.string().min(1).optional(),
  ours: amount,
  prometheus: amount.optional(),
  vmagent: amount.optional(),
  /** What the machine itself allows in the same run. */
  floor: amount.optional(),
  target: z
    .strictObject({ most: amount.optional(), least: amount.optional(), says: z.string().min(1) })
    .refine(({ most, least }) => most !== undefined || least !== undefined, "a target has a bound")
    .optional(),
  /** Least and most of several runs. */
  spread: z.tuple([amount, amount]).optional(),
});

/** What `npm run bench` tells of a bench before it runs. */
export interface About {
  /** One line. */
  readonly says: string;
  /** On a quiet machine with two cores. */
  readonly minutes: number;
  /** Node's, that what is measured is deployed with. */
  readonly flags?: readonly string[];
}

export const keyOf = ({ name, at }: Pick<Figure, "name" | "at">): string =>
  at === undefined ? name : `${name}, ${at}`;

/** Whether the target is met; undefined where there is none. */
export const isMet = ({ ours, target }: Figure): boolean | undefined =>
  target && ours <= (target.most ?? Number.POSITIVE_INFINITY) && ours >= (target.least ?? 0);

/** A workload that begins so means: how it grows. One power by another says nothing. */
export const power = "power of ";

/** Ours by the better of the peers, or by the floor where there are none; undefined where there is nothing to divide by. */
export const ratioOf = ({ at, ours, unit, prometheus, vmagent, floor }: Figure): number | undefined => {
  if (at?.startsWith(power)) return undefined;
  const peers = [prometheus, vmagent].filter((one) => one !== undefined);
  const best = peers.length === 0 ? floor : unit === "/s" ? Math.max(...peers) : Math.min(...peers);
  return best === undefined || best <= 0 ? undefined : ours / best;
};
