import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { freePort } from "../ports.ts";
import { startProgram } from "../process.ts";
import { findPrometheus } from "../prometheus.ts";
import type { ScrapeConfig } from "./jobs.ts";

/** A real Prometheus that relabels and would scrape, had it not a proxy where nobody listens. */
export const startScraper = async (configs: readonly ScrapeConfig[]) => {
  const binary = await findPrometheus();
  const folder = temporaryFolder("scraper");
  const file = join(folder.path, "prometheus.yml");
  const scrape_configs = configs.map((config) => ({ ...config, proxy_url: "http://127.0.0.1:9" }));
  writeFileSync(file, stringify({ scrape_configs }, { aliasDuplicateObjects: false }));
  const address = `127.0.0.1:${await freePort()}`;
  const storage = `--storage.tsdb.path=${join(folder.path, "data")}`;
  const words = [`--config.file=${file}`, storage, `--web.listen-address=${address}`, "--log.level=error"];
  const program = startProgram(binary, words, folder.path);
  const stop = async () => {
    await program.stop();
    folder.remove();
  };
  try {
    await eventually("Prometheus is ready", 30, async () => {
      assert.equal(program.exit(), undefined, `Prometheus ended: ${program.output()}`);
      assert.equal((await fetch(`http://${address}/-/ready`)).status, 200);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `http://${address}`, stop };
};
