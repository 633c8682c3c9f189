import type { TargetGroup } from "../../lib/targetgroup/targetgroup.ts";
import { pages } from "../server/pages.ts";
import type { Server } from "../server/server.ts";
import { groupsAnswer, searchAnswer } from "../server/shapes.ts";
import { addFound, type Effects } from "./effect.ts";

/** The live groups of a job by provider; asked for once. */
export const createLivePool = (server: Server) => {
  const known = new Map<string, Promise<Map<string, TargetGroup[]>>>();
  return (job: string): Promise<Map<string, TargetGroup[]>> => {
    const found = known.get(job) ?? readGroups(server, job);
    known.set(job, found);
    return found;
  };
};

const readGroups = async (server: Server, job: string): Promise<Map<string, TargetGroup[]>> => {
  const groups = new Map<string, TargetGroup[]>();
  for await (const page of pages(server, { path: "api/v1/groups", query: { job }, shape: groupsAnswer })) {
    for (const { provider, source, group } of page.groups) {
      const own = groups.get(provider) ?? [];
      groups.set(provider, own);
      own.push({ ...group, source });
    }
  }
  return groups;
};

/** What the configuration in force makes of a job's targets. */
export const liveEffects = async (server: Server, job: string): Promise<Effects> => {
  const effects: Effects = new Map();
  const query = { job, state: "any", limit: "1000" };
  for await (const page of pages(server, { path: "api/v1/search", query, shape: searchAnswer })) {
    for (const target of page.targets) addFound(effects, target);
  }
  return effects;
};
