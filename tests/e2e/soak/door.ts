import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import * as z from "zod";
import { listening } from "../../fakes/listening.ts";
import { type Json, type Meddler, meddling } from "../../fakes/meddler.ts";
import { type BusFate, type Busman, createBusman } from "./busman.ts";
import { type Vitals, vitals } from "./vitals.ts";

/** How one request to an AWS service goes wrong. */
type AwsEffect =
  | { readonly kind: "answer"; readonly status: number; readonly type: string }
  /** The connection breaks before the service has the request. */
  | { readonly kind: "reset" }
  | { readonly kind: "hang" }
  | { readonly kind: "slow"; readonly milliseconds: number }
  /** The service does its work, and its answer gets lost. */
  | { readonly kind: "answer lost" };

export interface AwsFault {
  /** `PutItem`, with its input; absent: every operation. */
  readonly hits?: (operation: string, input: Json) => boolean;
  /** Of the requests that it could hit; in (0, 1]. */
  readonly share: number;
  readonly effect: AwsEffect | { readonly kind: "fate"; readonly fate: BusFate };
}

/** What stands between the program's functions and its local AWS. */
export interface Door {
  /** For `--import`. */
  readonly preload: string;
  /** Returns how to end it, which tells how many requests or events it hit. */
  set(fault: AwsFault): () => number;
  /** The environment of the program that began to ask last; waits for one after `forget`. */
  environment(): Promise<Readonly<Record<string, string>>>;
  /** The program is gone. */
  forget(): void;
  readonly bus: Busman;
  readonly vitals: readonly (Vitals & { readonly at: number })[];
  close(): Promise<void>;
}

export const startDoor = async (options: { random: () => number; pace: number }): Promise<Door> => {
  const { random, pace } = options;
  const faults = new Set<AwsFault & { count: number }>();
  const seen: (Vitals & { at: number })[] = [];
  let told = Promise.withResolvers<Readonly<Record<string, string>>>();
  const bus = createBusman({ random, environment: () => told.promise });
  const chosen = (operation: string, input: Json) =>
    [...faults].find(({ hits, share, effect }) => {
      if (effect.kind === "fate") return operation === "PutEvents";
      return (hits?.(operation, input) ?? true) && random() < share;
    });
  const lost = new WeakSet<Json>();
  const meddler: Meddler = {
    before: async (operation, input) => {
      const fault = chosen(operation, input);
      if (fault === undefined) return operation === "PutEvents" ? bus.put(input) : undefined;
      const { effect } = fault;
      if (effect.kind === "fate") {
        const hit = () => {
          fault.count += 1;
        };
        return bus.put(input, { fate: effect.fate, share: fault.share, hit });
      }
      fault.count += 1;
      if (effect.kind === "answer") return effect;
      if (effect.kind === "reset") return "cut";
      if (effect.kind === "hang") return "hang";
      if (effect.kind === "slow") await new Promise((done) => setTimeout(done, effect.milliseconds));
      else lost.add(input);
      return undefined;
    },
    after: (_operation, output, input) => (lost.has(input) ? "cut" : output),
  };
  const meddle = meddling(portOf, meddler);
  const listen = async (request: IncomingMessage) => {
    const said: unknown = JSON.parse(await text(request));
    if (request.url === "/environment") told.resolve(z.record(z.string(), z.string()).parse(said));
    else seen.push({ ...vitals.parse(said), at: Date.now() });
  };
  const server = createServer((request, response) => {
    if (request.headers["x-amz-target"] !== undefined) return meddle(request, response);
    return void listen(request).then(
      () => response.end(),
      () => response.destroy(),
    );
  });
  const url = `http://127.0.0.1:${await listening(server)}/?pace=${pace}`;
  return {
    preload: `${new URL("./redirect.ts", import.meta.url).href}?door=${encodeURIComponent(url)}`,
    set: (fault) => {
      const active = { ...fault, count: 0 };
      faults.add(active);
      return () => {
        faults.delete(active);
        return active.count;
      };
    },
    environment: () => told.promise,
    forget: () => {
      told = Promise.withResolvers();
    },
    bus,
    vitals: seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const portOf = ({ headers }: IncomingMessage) => Number(headers["x-meant-for"]);
