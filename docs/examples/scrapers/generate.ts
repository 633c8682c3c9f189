import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "../../../cli/main.ts";
import { systemClock } from "../../../lib/clock.ts";

/** The words after `rollcall scrape-config --config original.yml` that make each example. */
const examples: Readonly<Record<string, readonly string[]>> = {
  "prometheus.yml": ["--for", "prometheus"],
  "prometheus-relabelled.yml": ["--for", "prometheus", "--relabelled"],
  "prometheus-sharded.yml": ["--for", "prometheus", "--shard", "0/3"],
  "vmagent.yml": ["--for", "vmagent"],
  "vmagent-relabelled.yml": ["--for", "vmagent", "--relabelled"],
  "vmagent-sharded.yml": ["--for", "vmagent", "--relabelled", "--shard", "0/3"],
  "alloy.alloy": ["--for", "alloy", "--relabelled"],
  "otel-receiver.yaml": ["--for", "otel", "--relabelled"],
};

const everywhere = ["--server", "https://rollcall.example/prod", "--token-file", "/etc/rollcall/token"];

/**
 * `node docs/examples/scrapers/generate.ts`: writes the examples anew with the command line tool itself. Texts by file;
 * tests/unit/examples/scrapers holds the committed files to them.
 */
export const scraperExamples = async (): Promise<Map<string, string>> => {
  const config = ["--config", join(import.meta.dirname, "original.yml")];
  const texts = new Map<string, string>();
  for (const [file, words] of Object.entries(examples)) {
    const command = ["scrape-config", ...config, ...everywhere, ...words];
    const { text, said } = await run(command);
    const notes = said.split("\n").filter((line) => line !== "");
    const comment = file.endsWith(".alloy") ? "//" : "#";
    const head = [
      `rollcall scrape-config --config original.yml ${[...everywhere, ...words].join(" ")}`,
      ...notes,
    ];
    texts.set(file, `${head.map((line) => `${comment} ${line}\n`).join("")}${text}`);
  }
  return texts;
};

const run = async (words: readonly string[]): Promise<{ text: string; said: string }> => {
  const written = { text: "", said: "" };
  const screen = (name: "text" | "said") => ({
    write: (more: string) => {
      written[name] += more;
    },
    columns: undefined,
  });
  const code = await main(words, {
    out: screen("text"),
    err: screen("said"),
    environment: {},
    clock: systemClock,
    stopped: new AbortController().signal,
  });
  if (code !== 0) throw new Error(`rollcall ${words.join(" ")} ended with ${code}: ${written.said}`);
  return written;
};

if (import.meta.main) {
  for (const [file, text] of await scraperExamples()) await writeFile(join(import.meta.dirname, file), text);
}
