import { useEffect, useState } from "preact/hooks";
import type * as z from "zod/mini";
import { ask } from "./ask.ts";
import { reportAnswer, reportSilence } from "./connection.ts";
import { keepPace, retryPause, usualPause } from "./pace.ts";

/** What is known of an address. The last good answer stays while the server is away. */
export interface Polled<Data> {
  readonly data: Data | undefined;
  /** Why the server refuses; empty when it does not. */
  readonly error: string;
  /** The answer is to an earlier question. */
  readonly isOld: boolean;
}

/** Asks an address every few seconds; undefined asks nothing. A new address keeps the old data until its own arrives. */
export const usePolled = <Data>(
  path: string | undefined,
  shape: z.ZodMiniType<Data>,
  pause = usualPause,
): Polled<Data> => {
  const [held, setHeld] = useState<Held<Data>>({ path: undefined, data: undefined, error: "" });
  useEffect(() => {
    if (path === undefined) return setHeld({ path, data: undefined, error: "" });
    let tag = "";
    return keepPace(async (signal) => {
      const answered = await ask(path, shape, { tag, signal });
      if (answered.kind === "away") {
        reportSilence(answered.error);
        return retryPause;
      }
      reportAnswer();
      if (answered.kind === "data") {
        tag = answered.tag;
        setHeld({ path, data: answered.data, error: "" });
      }
      if (answered.kind === "refused") setHeld({ path, data: undefined, error: answered.error });
      return pause;
    });
  }, [path, shape, pause]);
  return { data: held.data, error: held.path === path ? held.error : "", isOld: held.path !== path };
};

interface Held<Data> {
  readonly path: string | undefined;
  readonly data: Data | undefined;
  readonly error: string;
}
