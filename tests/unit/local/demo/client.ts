import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import * as z from "zod";
import type { ApiServer } from "../../../../local/demo/apiserver.ts";
import type { DemoObject } from "../../../../local/demo/object.ts";

const metadata = z.looseObject({
  name: z.string().optional(),
  namespace: z.string().optional(),
  resourceVersion: z.string().optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

export const object = z.looseObject({ metadata });

export const list = z.looseObject({
  kind: z.string(),
  apiVersion: z.string(),
  metadata: z.looseObject({
    resourceVersion: z.string(),
    continue: z.string().optional(),
    remainingItemCount: z.number().optional(),
  }),
  items: z.array(object),
});

export const status = z.looseObject({
  kind: z.literal("Status"),
  code: z.number(),
  reason: z.string(),
  message: z.string(),
  metadata: z.object({ continue: z.string().optional() }),
});

const event = z.looseObject({ type: z.string(), object: z.looseObject({ metadata: metadata.optional() }) });
export type WatchEvent = z.infer<typeof event>;

export const ask = (server: ApiServer, path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${server.token}` }, ...init });

export const getList = async (server: ApiServer, path: string) => {
  const response = await ask(server, path);
  assert.equal(response.status, 200);
  return list.parse(await response.json());
};

export const getStatus = async (server: ApiServer, path: string, init?: RequestInit) => {
  const response = await ask(server, path, init);
  const body = status.parse(await response.json());
  assert.equal(body.code, response.status);
  return body;
};

export const namesOf = (page: z.infer<typeof list>) => page.items.map((item) => item.metadata.name);

/** A watch whose events arrive in `events`; `ended` resolves with how it ended. */
export const watch = async (server: ApiServer, path: string) => {
  const stop = new AbortController();
  const response = await ask(server, path, { signal: stop.signal });
  assert.equal(response.status, 200);
  const events: WatchEvent[] = [];
  const rest = { text: "" };
  const ended = readLines(response, (line) => events.push(event.parse(JSON.parse(line))), rest);
  return {
    events,
    rest,
    ended,
    has: (count: number) => until(() => events.length >= count, `${count} events on ${path}`),
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
};

const readLines = async (response: Response, seen: (line: string) => void, rest: { text: string }) => {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest.text + decoder.decode(chunk, { stream: true })).split("\n");
      rest.text = lines.pop() ?? "";
      lines.forEach(seen);
    }
    return "ended";
  } catch (error) {
    return error instanceof Error && error.name === "AbortError" ? "stopped" : "broken";
  }
};

/** Waits for a condition that other processes' or sockets' time decides; fails after five seconds. */
export const until = async (holds: () => boolean, what: string) => {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 1000, `waited in vain for ${what}`);
    await delay(5);
  }
};

export const pod = (name: string, more: PodInput = {}): DemoObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: more.namespace ?? "shop", labels: more.labels ?? {} },
  spec: { nodeName: more.node ?? "node-1", containers: [] },
  status: { phase: more.phase ?? "Running", podIP: "127.0.0.9" },
});

export interface PodInput {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly node?: string;
  readonly phase?: string;
}

export const typesAndNames = (events: readonly WatchEvent[]) =>
  events.map(
    ({ type, object: { metadata } }) => `${type} ${metadata?.name ?? metadata?.resourceVersion ?? ""}`,
  );
