import { type Command, type Given, UsageError } from "../command.ts";
import { writeAnswer } from "../output/answer.ts";
import { table } from "../output/table.ts";
import { serverOf } from "../server/server.ts";
import { rebuildAnswer } from "../server/shapes.ts";

/** `rollcall rebuild`: everything of a provider, a cluster or the whole pool is announced and written anew. */
export const rebuild: Command = {
  name: "rebuild",
  summary: "empty and refill the pool from the clusters, while its lists are served on",
  options: {
    provider: { kind: "text", value: "ID", about: "of this provider only, as /api/v1/providers names it" },
    cluster: { kind: "text", value: "NAME", about: "of this cluster only" },
    all: { kind: "flag", about: "of everything that the token may read" },
  },
  details:
    "For a table that was damaged, restored, or written by another release. Each group is replaced where it is, what is gone\nis removed under the guard, and what cannot be read is dropped (its list is then 503 until the pool is full again).\nA relay begins within seconds, the schedule with its next look. The token needs `operate`.",
  run: async (given, io) => {
    const query = questionIn(given);
    const server = await serverOf(given, io);
    const { providers } = await server.post("api/v1/rebuild", query, rebuildAnswer);
    writeAnswer({ given, io }, { providers }, () =>
      table(
        ["PROVIDER", "CLUSTER", "JOBS", "FROM EPOCH"],
        providers.map(({ provider, cluster, jobs, epoch }) => [
          provider,
          cluster,
          jobs.join(", "),
          String(epoch),
        ]),
        io.out,
      ),
    );
    return 0;
  },
};

const questionIn = (given: Given): Readonly<Record<string, string>> => {
  const [provider, cluster] = [given.text("provider"), given.text("cluster")];
  const asked = {
    ...(provider !== undefined && { provider }),
    ...(cluster !== undefined && { cluster }),
    ...(given.flag("all") && { all: "true" }),
  };
  if (Object.keys(asked).length === 1) return asked;
  throw new UsageError("rebuild needs exactly one of --provider ID, --cluster NAME and --all");
};
