import { systemClock } from "../lib/clock.ts";
import type { Screen } from "./command.ts";
import { main } from "./main.ts";

/** Begun by bin.mjs, on a Node that can. */
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)));
}

const screen = (stream: NodeJS.WriteStream): Screen => ({
  write: (text) => void stream.write(text),
  columns: stream.isTTY ? stream.columns : undefined,
});

/** Whoever reads our output has seen enough, as `head` has. */
process.stdout.on("error", (error) => process.exit("code" in error && error.code === "EPIPE" ? 0 : 2));

process.exitCode = await main(process.argv.slice(2), {
  out: screen(process.stdout),
  err: screen(process.stderr),
  environment: process.env,
  clock: systemClock,
  stopped: stop.signal,
});
// A server that keeps a connection open must not keep us.
process.stdout.write("", () => process.exit());
