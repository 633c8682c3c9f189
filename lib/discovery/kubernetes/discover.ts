import type { KubernetesSdConfig } from "../../config/configuration.ts";
import { createTransport } from "../../http/client.ts";
import { createTransports } from "../../http/transports.ts";
import type { Discoverer, Outcome } from "../discoverer.ts";
import { type ClientOptions, createClient, transportOptions } from "./client.ts";
import type { ListOptions } from "./list.ts";
import { createLists, type Lists } from "./lists.ts";
import { lookAtScope } from "./look.ts";
import { areasOf, type Circle, circlesOf, type Member } from "./member.ts";
import { createGroupMemory, createObjectMemory, type GroupMemory, type ObjectMemory } from "./memory.ts";
import { asError, inOrderOf, outcomeOf } from "./outcome.ts";

export interface KubernetesDiscovererOptions extends ClientOptions, Pick<ListOptions, "wait" | "pageSize"> {}

/**
 * Looks at one Kubernetes cluster (spec §2, design §4 promise 3). Each list is asked for once for all providers with
 * equal credentials. A namespace that is refused or fails keeps its sources, with a problem line; a provider about
 * which nothing could be learned gets an error.
 */
export const createKubernetesDiscoverer = (given: KubernetesDiscovererOptions = {}): Discoverer => {
  const transportFor = createTransports((config) => createTransport(config, transportOptions(given)));
  const parts: Parts = { options: { transportFor, ...given }, ...createMemories() };
  return async (providers, signal) => {
    const outcomes = await Promise.all(
      circlesOf(providers).map((circle) => lookTogether(circle, parts, signal)),
    );
    return inOrderOf(providers, outcomes.flat());
  };
};

interface Parts {
  readonly options: KubernetesDiscovererOptions;
  readonly objectsFor: (access: KubernetesSdConfig["access"]) => ObjectMemory;
  readonly groupsFor: (config: KubernetesSdConfig) => GroupMemory;
}

/** By the configuration's own objects: after a reload they are others, and what was remembered goes with the old. */
const createMemories = () => ({
  objectsFor: rememberedBy<KubernetesSdConfig["access"], ObjectMemory>(createObjectMemory),
  groupsFor: rememberedBy<KubernetesSdConfig, GroupMemory>(createGroupMemory),
});

const rememberedBy = <K extends WeakKey, V>(create: () => V): ((key: K) => V) => {
  const known = new WeakMap<K, V>();
  return (key) => {
    const value = known.get(key) ?? create();
    known.set(key, value);
    return value;
  };
};

const lookTogether = async (
  { access, members }: Circle,
  parts: Parts,
  signal: AbortSignal,
): Promise<Outcome[]> => {
  const failed = (error: unknown): Outcome[] =>
    members.map(({ provider }) => ({ provider, error: asError(error) }));
  try {
    const client = await createClient(access, parts.options);
    const memory = parts.objectsFor(access);
    // Ends what is still asked for when a list that goes with it has failed already.
    const over = new AbortController();
    try {
      const stop = AbortSignal.any([signal, over.signal]);
      const lists = createLists({ ...parts.options, ...client, signal: stop }, memory);
      return await Promise.all(members.map((member) => lookFor(member, lists, parts)));
    } finally {
      over.abort();
      client.transport.close();
      memory.turn();
    }
  } catch (error) {
    return failed(error);
  }
};

const lookFor = async (member: Member, lists: Lists, { options, groupsFor }: Parts): Promise<Outcome> => {
  const { provider, config } = member;
  try {
    const memory = groupsFor(config);
    const scopes = areasOf(member, options).map((area) => ({ ...area, lists, memory }));
    return outcomeOf(provider, scopes, await Promise.allSettled(scopes.map(lookAtScope)));
  } catch (error) {
    return { provider, error: asError(error) };
  }
};
