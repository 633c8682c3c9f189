import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { About, Figure } from "./figure.ts";

/** What each file of `bench/` but two exports. */
export interface Bench {
  readonly about: About;
  /** May print how it goes; what it claims is in what it gives. */
  readonly bench: () => Promise<Figure[]>;
}

const folder = join(import.meta.dirname, "..");

/** `run.ts` runs them, `readme.ts` writes down what they gave. */
export const benchNames = readdirSync(folder).flatMap(
  (file) => /^(?!run\.|readme\.)(.+)\.ts$/.exec(file)?.[1] ?? [],
);

export const openBench = (name: string): Promise<Bench> => import(join(folder, `${name}.ts`));
