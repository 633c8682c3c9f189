import * as z from "zod";
import { noSettings } from "../../../lib/config/settings.ts";
import { type Access, loopbackAccess } from "../../../lib/door/access.ts";
import { createRecorder } from "../../../lib/history/record.ts";
import { keepTerms } from "../../../lib/history/terms.ts";
import { changesRoute } from "../../../lib/serve/changes.ts";
import { sdRoute } from "../../../lib/serve/sd.ts";
import { changed } from "../../fakes/events.ts";
import { job } from "../../fakes/jobs.ts";
import { provider } from "../../fakes/providers.ts";
import { createServeParts, readWhole } from "./parts.ts";

export const start = Date.UTC(2026, 10, 22, 12);

const hour = 3_600_000;

export const iso = (hours: number) => new Date(start + hours * hour).toISOString();

export const pods = provider({ id: "kubernetes/0123456789ab", cluster: "one", jobs: ["pods", "more/pods"] });

export const nodes = provider({ id: "kubernetes/ba9876543210", cluster: "two", jobs: ["nodes"] });

const answerSchema = z.object({
  error: z.string().default(""),
  data: z
    .object({
      changes: z.array(
        z.looseObject({ jobs: z.array(z.string()), version: z.looseObject({ sequence: z.number() }) }),
      ),
      cursor: z.string().optional(),
      earliest: z.string(),
    })
    .catch({ changes: [], earliest: "" }),
});

export const groups = z.array(z.object({ targets: z.array(z.string()) }));

interface World {
  readonly access?: Access;
  readonly providers?: (typeof pods)[];
  readonly retention?: number;
  readonly doorSpeed?: number;
  /** How many the pod has from the second hour on. */
  readonly targets?: number;
}

export const setUp = async ({
  access = loopbackAccess,
  providers = [pods, nodes],
  retention = 7 * 24 * hour,
  doorSpeed = 0,
  targets = 2,
}: World = {}) => {
  const clock = () => start + 4 * hour;
  const { pool, log, parts: own } = createServeParts(clock);
  const { blobs } = own;
  await keepTerms(log, retention, start);
  await fill(createRecorder({ pool, log, blobs, retention: async () => 7 * 24 * hour, clock }), targets);
  const parts = { ...own, doorSpeed };
  const plan = {
    hash: "h",
    providers: providers
      .filter(({ cluster }) => access.readsCluster(cluster))
      .map((one) => ({ ...one, jobs: one.jobs.filter(access.readsJob) }))
      .filter(({ jobs }) => jobs.length > 0),
    warnings: [],
    settings: { ...noSettings, history: { retention } },
    configuration: { jobs: ["pods", "more/pods", "nodes"].map((name) => job(name)) },
  };
  const get = async (path: "changes" | "sd", query: Record<string, string>, rest = "pods") => {
    const route = path === "sd" ? sdRoute : changesRoute;
    const request = {
      method: "GET",
      path: "",
      query: new URLSearchParams(query),
      headers: {},
      peer: "127.0.0.1",
    };
    const answer = await readWhole(await route.answer({ request, plan, access, rest }, parts));
    const parsed = answerSchema.safeParse(answer.json);
    const { data, error } = parsed.data ?? {
      data: { changes: [], earliest: "", cursor: undefined },
      error: "",
    };
    return { status: answer.statusCode, body: answer.body, data, error };
  };
  return {
    get,
    sequences: async (query: Record<string, string>) =>
      (await get("changes", query)).data.changes.map(({ version }) => version.sequence),
    list: async (hours: number) =>
      groups.parse(JSON.parse((await get("sd", { at: iso(hours) })).body)).map(({ targets }) => targets),
  };
};

const long = "h".repeat(1_000);

/** A pod that comes, grows and goes, and a node of another cluster, which a rebuild writes anew as it was. */
const fill = async (record: ReturnType<typeof createRecorder>, targets: number) => {
  const grown = Array.from(
    { length: targets },
    (_, index) => `${index < 2 ? "127.0.0.1" : long}:${index + 1}`,
  );
  const web = { source: "pod/web", provider: pods.id };
  const made = [
    { hours: 1, of: pods, ...web, sequence: 1, addresses: ["127.0.0.1:1"] },
    { hours: 1.5, of: nodes, source: "node/a", provider: nodes.id, sequence: 2 },
    { hours: 2, of: pods, ...web, sequence: 3, addresses: grown },
    { hours: 3, of: pods, ...web, sequence: 4, addresses: [] },
    { hours: 3.5, of: nodes, source: "node/a", provider: nodes.id, sequence: 5 },
  ];
  for (const { hours, of, ...change } of made) {
    const event = { ...changed(change), cluster: of.cluster, jobs: [...of.jobs], observedAt: iso(hours) };
    await record([{ event, group: event.group! }]);
  }
};
