import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { TestContext } from "node:test";
import type { TargetGroupChangedEvent } from "../../../../docs/events/events.d.ts";
import { createHandler } from "../../../../docs/examples/subscribers/webhook/handler.ts";
import { readSettings, type Settings } from "../../../../docs/examples/subscribers/webhook/settings.ts";
import { listening } from "../../../fakes/listening.ts";

/** What a server of the test was sent. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Answering = (received: Received, response: ServerResponse) => void;

/** A server on loopback that ends with the test. */
export const serverFor = async (context: TestContext, answer: Answering) => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const one = await read(request);
    received.push(one);
    answer(one, response);
  });
  const port = await listening(server);
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, port, received };
};

const read = async (request: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  const { method = "", url: path = "" } = request;
  return { method, path, headers, body: Buffer.concat(chunks).toString() };
};

export const answering =
  (status: number, body = ""): Answering =>
  (_, response) =>
    void response.writeHead(status).end(body);

/** Made up for each run. */
export const secret = `whsec_${randomBytes(24).toString("base64")}`;
export const token = randomBytes(16).toString("hex");

/** The function of the example with its settings from an environment, and what it logged. */
export const webhookFor = (given: {
  readonly webhook: string;
  readonly door?: string;
  readonly change?: Partial<Settings>;
}) => {
  const variables = {
    WEBHOOK_URL: given.webhook,
    ROLLCALL_URL: given.door ?? "http://127.0.0.1:9/",
    WEBHOOK_SECRET: secret,
    ROLLCALL_TOKEN: token,
    WEBHOOK_LOCAL: "true",
  };
  const told: string[] = [];
  const run = createHandler({
    settings: { ...readSettings(variables), ...given.change },
    clock: () => Date.now(),
    tell: (line) => void told.push(JSON.stringify(line)),
  });
  return { run, told };
};

type Detail = TargetGroupChangedEvent["detail"];

export const group = {
  source: "pod/shop/web-1",
  labels: { __meta_kubernetes_namespace: "shop", __meta_kubernetes_pod_name: "web-1" },
  targets: [{ __address__: "10.1.2.3:8080" }],
};

export const canonical = (of: typeof group) =>
  JSON.stringify({ labels: of.labels, source: of.source, targets: of.targets });

export const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

const detail: Detail = {
  schema: 1,
  provider: "kubernetes/3f9a1c0b7d24",
  cluster: "prod-eu",
  jobs: ["pods"],
  change: "updated",
  version: { epoch: 1795348800, sequence: 17 },
  hash: hashOf(canonical(group)),
  observedAt: "2026-11-22T12:00:00.000Z",
  group,
};

/** What SQS hands over for each change, as the bus's rule put it into the queue. */
export const batchOf = (...changes: readonly object[]) => ({
  Records: changes.map((change, index) => ({
    messageId: `m${index}`,
    body: JSON.stringify({
      version: "0",
      id: `${index}`,
      "detail-type": "Target Group Changed",
      source: "rollcall.discovery",
      account: "000000000000",
      time: "2026-11-22T12:00:00Z",
      region: "eu-central-1",
      resources: [],
      detail: { ...detail, ...change },
    }),
  })),
});
