import type { AcceptedConfigurations } from "../../../lib/config/accepted.ts";
import { createMemoryAccepted } from "../../../lib/config/memory.ts";
import { createCloudCredentials } from "../../../lib/credential/cloud.ts";
import { confined } from "../../../lib/files/confined.ts";
import { createS3Files } from "../../../lib/files/s3.ts";
import { createLog } from "../../../lib/log.ts";
import { acceptConfiguration } from "../../../lib/tick/accept.ts";
import { gather } from "../../../lib/tick/gather.ts";
import { startS3 } from "../../fakes/s3.ts";

export const main = (block: string) =>
  `scrape_config_files: [jobs/*.yml]\nscrape_configs:\n- job_name: a\n  ${block}\n`;

export const good = main("http_sd_configs: [{url: 'https://sd.example/', bearer_token: '${ssm:/sd}'}]");

export const stored = new Map<string, string>();

/** As the store says it of one that is not there. */
const store = async (id: string) => stored.get(id) ?? Promise.reject(new Error("ParameterNotFound"));

export const start = async () => {
  const time = { now: 0 };
  stored.clear();
  const { client, objects, asked, forbidden } = await startS3();
  const put = (key: string, text: string) => void objects.set(`conf/prod/${key}`, text);
  put("prometheus.yml", good);
  put("rollcall.yml", "guard: {min_removed: 20}");
  const files = {
    configFile: "s3://conf/prod/prometheus.yml",
    settingsFile: "s3://conf/prod/rollcall.yml",
    inCluster: false,
  };
  const place = confined(createS3Files(client), ["s3://conf/prod"]);
  const accepted: AcceptedConfigurations = createMemoryAccepted(() => 0);
  const lines: string[] = [];
  const log = createLog({ level: "error", write: (line) => lines.push(line) });
  const credentials = createCloudCredentials({
    ...{ files: place, stores: { ssm: store, secretsmanager: store }, clock: () => time.now },
  })();
  const accept = () =>
    acceptConfiguration({
      gather: (before) => gather(files, before, { files: place, credentials }),
      accepted,
      log,
    });
  return { put, objects, asked, forbidden, accepted, accept, time, lines };
};
