import type { Provider } from "../discovery/provider.ts";
import type { Looking } from "./look.ts";
import { look } from "./relook.ts";
import type { Segment } from "./slice.ts";

/**
 * The looks that a full check consists of. A provider whose look can be prepared is looked at by itself, once that is done, so that
 * changes are announced in between, however many groups there are; all the others are looked at together at the end.
 */
export interface Steps {
  /** The next step can be made. */
  isReady(): boolean;
  /** Undefined while there are more. */
  next(): Promise<Checked | undefined>;
}

export interface Checked {
  /** No look was given up. */
  readonly whole: boolean;
  /** Groups of abandoned providers were removed. */
  readonly retired: boolean;
}

export const createSteps = ({ providers, abandoned }: Looking, segment: Segment): Steps => {
  const { bell, following } = segment;
  const left = [...providers];
  const together: Provider[] = [];
  let [whole, retired] = [true, false];
  /** Of the next step. */
  let prepared: Looking | undefined;
  const advance = (): void => {
    for (let provider = left.shift(); provider !== undefined; provider = left.shift()) {
      const one = { providers: [provider], abandoned: [] };
      const preparing = following.prepare(provider);
      if (preparing === undefined) together.push(provider);
      else {
        return void preparing.then(() => {
          prepared = one;
          bell.ring();
        });
      }
    }
    prepared = last;
  };
  const last = { providers: together, abandoned };
  advance();
  return {
    isReady: () => prepared !== undefined,
    next: async () => {
      const these = prepared!;
      prepared = undefined;
      const looked = await look(these, segment);
      if (looked === undefined) whole = false;
      if (looked?.retired) retired = true;
      if (these === last) return { whole, retired };
      advance();
      return undefined;
    },
  };
};
