import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { createServer, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, test } from "node:test";
import { parse, stringify } from "yaml";
import type { Client } from "../../../../lib/discovery/kubernetes/client.ts";
import { createClients } from "../../../../lib/discovery/kubernetes/clients.ts";
import { writeKubeconfig } from "../../../../local/demo/kubeconfig.ts";
import { listen } from "../../../../local/demo/listener.ts";
import { cleanUp, cleanups } from "./listing.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-clients-"));
  cleanups.push(() => rm(folder, { recursive: true }));
});
afterEach(cleanUp);

/** Notes each request's token; `/stream` never ends, `/broken` never begins, "old" is a token of yesterday. */
const startServer = async () => {
  const tokens: string[] = [];
  const streams: ServerResponse[] = [];
  const handler: Parameters<typeof createServer>[1] = (request, response) => {
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    tokens.push(token);
    if (request.url === "/broken") return void request.socket.destroy();
    response.writeHead(token === "old" ? 401 : 200);
    if (request.url !== "/stream") return void response.end("well");
    response.write("begun\n");
    streams.push(response);
  };
  const { url, close } = await listen(handler, { port: 0 });
  cleanups.push(close);
  return { url, tokens, streams };
};

const start = async (token: string) => {
  const server = await startServer();
  const use = async (next: string, user: object = { token: next }) => {
    const file = await writeKubeconfig(folder, { url: server.url, token: next });
    const kubeconfig = parse(await readFile(file, "utf8"));
    await writeFile(file, stringify({ ...kubeconfig, users: [{ name: "demo", user }] }));
    return file;
  };
  const file = await use(token);
  const time = { now: 0 };
  const clients = createClients({ kind: "kubeconfig", file }, { clock: () => time.now });
  return { ...server, use, clients, time };
};

const ask = ({ server, transport }: Client, path = "/") =>
  transport.open(new URL(path, server), { signal: AbortSignal.timeout(10_000), timeoutMilliseconds: 10_000 });

const askOnce = async (client: Client) => {
  const { status, body } = await ask(client);
  await text(body);
  client.transport.close();
  return status;
};

describe("the client of a set of credentials", () => {
  test("is one for all, until it is five minutes old: then the kubeconfig is read anew", async () => {
    const { clients, tokens, use, time } = await start("one");
    await askOnce(await clients.take());
    await use("two");
    time.now = 299_999;
    await askOnce(await clients.take());
    time.now = 300_000;
    await askOnce(await clients.take());
    assert.deepEqual(tokens, ["one", "one", "two"]);
    clients.renew();
  });

  test("is made anew after its credentials were refused", async () => {
    const { clients, use } = await start("old");
    assert.equal(await askOnce(await clients.take()), 401);
    await use("new");
    assert.equal(await askOnce(await clients.take()), 200);
    clients.renew();
  });

  test("is made anew after its credentials could not be had", async () => {
    const { clients, use } = await start("one");
    const plugin = { apiVersion: "client.authentication.k8s.io/v1", command: join(folder, "none") };
    await use("one", { exec: plugin });
    await assert.rejects(ask(await clients.take()), /plugin/);
    await use("two");
    assert.equal(await askOnce(await clients.take()), 200);
    clients.renew();
  });

  test("is not made anew for a fault of the network", async () => {
    const { clients, tokens, use } = await start("one");
    await assert.rejects(ask(await clients.take(), "/broken"));
    await use("two");
    await askOnce(await clients.take());
    assert.ok(tokens.length > 1 && tokens.every((token) => token === "one"), tokens.join());
    clients.renew();
  });

  test("is closed with the last of its users, however often each closes it, and not before", async () => {
    const { clients, streams } = await start("one");
    const [first, second] = [await clients.take(), await clients.take()];
    const { body } = await ask(first, "/stream");
    clients.renew();
    second.transport.close();
    second.transport.close();
    const lines = body[Symbol.asyncIterator]();
    assert.equal(String((await lines.next()).value), "begun\n");
    streams[0]!.write("goes on\n");
    assert.equal(String((await lines.next()).value), "goes on\n");
    first.transport.close();
    await assert.rejects(lines.next());
  });

  test("tells what is wrong with the kubeconfig when it is taken", async () => {
    const clients = createClients({ kind: "kubeconfig", file: join(folder, "none") }, { clock: () => 0 });
    await assert.rejects(clients.take(), /none/);
  });
});
