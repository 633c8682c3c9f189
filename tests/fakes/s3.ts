import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { after } from "node:test";
import { createClient } from "../../lib/files/s3.ts";
import { listening } from "./listening.ts";

export interface FakeS3 {
  readonly client: ReturnType<typeof createClient>;
  readonly endpoint: string;
  /** By `BUCKET/KEY`. */
  readonly objects: Map<string, string>;
  /** `BUCKET/KEY` that may not be read. */
  readonly forbidden: Set<string>;
  /** `BUCKET/KEY` of which somebody on the way gives a part only. */
  readonly cut: Set<string>;
  /** Method, path and status of every request so far. */
  readonly asked: string[];
}

/** S3's REST protocol on loopback, as far as reading goes: GetObject with ETags, ListObjectsV2 with pages of two; closed after the tests. */
export const startS3 = async (bucket = "conf"): Promise<FakeS3> => {
  const objects = new Map<string, string>();
  const [forbidden, cut] = [new Set<string>(), new Set<string>()];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://s3");
    response.once("finish", () => asked.push(`${request.method} ${url.pathname} ${response.statusCode}`));
    const path = decodeURIComponent(url.pathname.slice(1));
    const [name = ""] = path.split("/");
    if (name !== bucket) return refuse(response, 404, "NoSuchBucket");
    if (forbidden.has(path)) return refuse(response, 403, "AccessDenied");
    if (url.searchParams.get("list-type") === "2") return list(response, url, { bucket, objects });
    const text = objects.get(path);
    if (text === undefined) return refuse(response, 404, "NoSuchKey");
    const etag = `"${createHash("md5").update(text).digest("hex")}"`;
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304, { etag }).end();
    const headers = { etag, "last-modified": "Thu, 26 Nov 2026 06:00:00 GMT" };
    if (cut.has(path)) return void response.writeHead(206, headers).end(text.slice(0, text.length / 2));
    response.writeHead(200, headers).end(text);
  });
  const port = await listening(server);
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const client = createClient({ endpoint, region: "eu-central-1", credentials, maxAttempts: 1 });
  after(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { client, endpoint, objects, forbidden, cut, asked };
};

const words: Readonly<Record<string, string>> = {
  NoSuchKey: "The specified key does not exist.",
  NoSuchBucket: "The specified bucket does not exist",
  AccessDenied: "Access Denied",
};

const refuse = (response: ServerResponse, status: number, code: string): void => {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${words[code]}</Message></Error>`);
};

const pageSize = 2;

const list = (
  response: ServerResponse,
  url: URL,
  { bucket, objects }: { bucket: string; objects: ReadonlyMap<string, string> },
): void => {
  const prefix = url.searchParams.get("prefix") ?? "";
  const from = Number(url.searchParams.get("continuation-token") ?? 0);
  const keys = [...objects.keys()]
    .map((path) => path.slice(bucket.length + 1))
    .filter((key) => key.startsWith(prefix));
  const below = (key: string) => key.slice(prefix.length).indexOf("/");
  const folders = keys
    .filter((key) => below(key) !== -1)
    .map((key) => key.slice(0, prefix.length + below(key) + 1));
  const all = [...new Set([...keys.filter((key) => below(key) === -1), ...folders])].sort();
  const page = all.slice(from, from + pageSize);
  const more = from + pageSize < all.length;
  const entries = page.map((key) =>
    key.endsWith("/")
      ? `<CommonPrefixes><Prefix>${key}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${key}</Key><Size>1</Size></Contents>`,
  );
  const next = more ? `<NextContinuationToken>${from + pageSize}</NextContinuationToken>` : "";
  response.writeHead(200, { "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${entries.join("")}${next}</ListBucketResult>`,
  );
};
