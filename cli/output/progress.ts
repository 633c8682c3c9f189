import type { Io } from "../command.ts";

/** A line about work that takes long, on a terminal only; it goes when the work is done. */
export const withProgress = async <Result>(
  { err, clock }: Pick<Io, "err" | "clock">,
  work: (tell: (text: string) => void) => Promise<Result>,
): Promise<Result> => {
  if (err.columns === undefined) return work(() => undefined);
  const { columns } = err;
  let isShown = false;
  let latest = "";
  const show = () => {
    isShown = true;
    err.write(`\r\u001b[K${latest.slice(0, columns - 1)}`);
  };
  const cancel = clock.after(patience, () => {
    if (latest !== "") show();
    isShown = true;
  });
  try {
    return await work((text) => {
      latest = text;
      if (isShown) show();
    });
  } finally {
    cancel();
    if (isShown) err.write("\r\u001b[K");
  }
};

/** Milliseconds: what ends before needs no word. */
const patience = 700;
