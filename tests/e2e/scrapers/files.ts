import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { repository } from "../process.ts";

const jobSchema = z.looseObject({
  job_name: z.string(),
  http_sd_configs: z.tuple([
    z.looseObject({ url: z.string(), authorization: z.looseObject({ credentials_file: z.string() }) }),
  ]),
});
const fileSchema = z.looseObject({ scrape_configs: z.array(jobSchema).min(1) });

export type ExampleFile = z.infer<typeof fileSchema>;

/**
 * An example as it would run here: the door's URL and the token's file are ours, and nothing is ever scraped, since a proxy
 * is named where nobody listens.
 */
export const exampleFor = (
  file: string,
  here: { readonly url: string; readonly tokenFile: string },
): ExampleFile => {
  const text = readFileSync(join(repository, "docs/examples/scrapers", file), "utf8");
  const own = text
    .replaceAll("https://rollcall.example/prod", here.url)
    .replaceAll("/etc/rollcall/token", here.tokenFile);
  const config = fileSchema.parse(parse(own));
  const scrape_configs = config.scrape_configs.map((job) => ({ ...job, proxy_url: "http://127.0.0.1:9" }));
  return { ...config, scrape_configs };
};

/** Another member of the fleet. */
export const shardOf = (config: ExampleFile, index: number): ExampleFile => ({
  ...config,
  scrape_configs: config.scrape_configs.map((job) => {
    const [{ url, ...rest }] = job.http_sd_configs;
    return { ...job, http_sd_configs: [{ ...rest, url: url.replace("shard=0", `shard=${index}`) }] };
  }),
});

/** Several files' jobs in one scraper, under names of their own, so that one program runs them all. */
export const together = (files: Readonly<Record<string, ExampleFile>>) => ({
  scrape_configs: Object.entries(files).flatMap(([name, { scrape_configs }]) =>
    scrape_configs.map((job) => ({ ...job, job_name: `${name}/${job.job_name}` })),
  ),
});
