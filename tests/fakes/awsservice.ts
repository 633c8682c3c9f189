import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { after } from "node:test";
import { listening } from "./listening.ts";

export interface AwsAnswer {
  readonly status?: number;
  readonly body: object;
  /** The connection ends before the answer does. */
  readonly breaksOff?: boolean;
}

export interface AwsService {
  /** What an SDK client of the service is made with. */
  readonly config: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
}

/** An AWS service with a JSON protocol on loopback, answering as the test says; closed after the tests. */
export const startAwsService = async (
  answer: (operation: string, input: unknown) => AwsAnswer | Promise<AwsAnswer>,
): Promise<AwsService> => {
  const server = createServer(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
    const { status = 200, body, breaksOff } = await answer(operation, JSON.parse(await text(request)));
    response.writeHead(status, { "content-type": String(request.headers["content-type"]) });
    if (breaksOff) response.write(JSON.stringify(body), () => response.destroy());
    else response.end(JSON.stringify(body));
  });
  const port = await listening(server);
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { config: { endpoint: `http://127.0.0.1:${port}`, region: "eu-central-1", credentials } };
};
