import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { temporaryFolder } from "../folder.ts";
import { type Rollcall, ready, startRollcall } from "../rollcall.ts";
import { startBrowser, type TestBrowser, type TestPage } from "./browser.ts";

describe("the page of the program itself, over its demo", () => {
  const folder = temporaryFolder("page");
  let rollcall: Rollcall;
  let browser: TestBrowser;
  before(async () => {
    browser = await startBrowser();
    rollcall = await startRollcall({ data: folder.path });
    await ready(rollcall);
  });
  after(async () => {
    await browser?.close();
    await rollcall?.stop();
    folder.remove();
  });
  const open = (hash: string) => browser.open(`${rollcall.url}/${hash}`);
  const close = async (page: TestPage) => {
    assert.deepEqual(page.complaints, []);
    await page.close();
  };

  test("the overview has every job with its counts, and every provider with its health", async () => {
    const page = await open("");
    const jobs = page.getByRole("table").first();
    await jobs.getByRole("link", { name: "demo-pods" }).waitFor();
    assert.equal(await jobs.getByRole("row").count(), 9);
    assert.equal((await rollcall.providers()).length, await page.locator(".providers tbody").count());
    await page.getByRole("heading", { level: 1, name: /Every provider answers/ }).waitFor();
    await close(page);
  });

  test("a target shows what was found, what it became, and what each rule did", async () => {
    const page = await open("#/targets/demo-pods?state=dropped");
    await page.locator(".grid-row").first().click();
    const panel = page.getByRole("complementary");
    await panel.getByText("__meta_kubernetes_namespace", { exact: true }).waitFor();
    await panel.getByRole("tab", { name: "Relabel steps" }).click();
    await panel.getByText("Dropped here.").waitFor();
    await close(page);
  });

  test("a pod that is no target is explained in a sentence", async () => {
    const page = await open("#/targets/demo-pods?state=dropped");
    await page.locator(".grid-row").first().click();
    await page.getByRole("link", { name: "Explain it" }).click();
    await page.locator(".sentence").first().waitFor();
    assert.equal(await page.locator(".road li").count(), 8 * (await page.locator("article").count()));
    await close(page);
  });

  test("what changes in the cluster shows without a reload", async () => {
    const page = await open("#/changes?span=15m");
    const shown = async () =>
      Number.parseInt((await page.getByText(/^\d+ changes$/).textContent()) ?? "", 10);
    await page.locator(".changes tbody tr").first().waitFor();
    const before = await shown();
    await eventually("another change is listed", 40, async () => assert.ok((await shown()) > before));
    assert.ok((await page.locator(".bar .added").count()) > 0);
    await close(page);
  });

  test("what the demo's cluster uses is there within two resolutions, and goes on by itself", async () => {
    const page = await open("#/metrics");
    await page.getByRole("slider", { name: /^CPU/ }).waitFor({ timeout: 20_000 });
    const freshness = () => page.locator(".freshness").textContent();
    const first = await freshness();
    await eventually("newer figures are shown", 20, async () => assert.notEqual(await freshness(), first));
    for (const name of ["shop", /^cart-/, "cart"] as const)
      await page.getByRole("table").first().getByRole("link", { name }).first().click();
    await page.getByRole("heading", { level: 1, name: "Container cart" }).waitFor();
    const model = await fetch(`${rollcall.url}/api/v1/model/namespaces/shop/metrics/cpu/usage_rate`);
    assert.match(await model.text(), /"value": [1-9]/);
    await close(page);
  });

  test("a browser gets the page, a program the plain overview", async () => {
    const asked = await fetch(rollcall.url, { headers: { Accept: "text/html,*/*;q=0.8" } });
    const policy = asked.headers.get("Content-Security-Policy") ?? "";
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
    const plain = await fetch(rollcall.url);
    assert.match(plain.headers.get("Content-Type") ?? "", /^text\/plain/);
    assert.match(await plain.text(), /sd\/demo-pods {2}\d+ targets/);
  });

  test("the first view is at most 150 kB on the wire", async (t) => {
    const index = await (await fetch(rollcall.url, { headers: { Accept: "text/html" } })).text();
    const files = [...index.matchAll(/"(page\/[^"]+)"/g)].map(([, file]) => file ?? "");
    assert.equal(files.length, 2);
    const paths = ["", ...files, "api/v1/providers"];
    const sizes = await Promise.all(paths.map((path) => bytesOf(`${rollcall.url}/${path}`)));
    const sum = sizes.reduce((all, one) => all + one, 0);
    t.diagnostic(`first view: ${(sum / 1000).toFixed(1)} kB compressed`);
    assert.ok(sum < 150_000, `${sum} bytes`);
  });

  test("an open page outlives a restart of the server, and says meanwhile that it is stale", async () => {
    const page = await open("#/targets/demo-pods");
    await page.locator(".grid-row").first().waitFor();
    const { port } = rollcall;
    await rollcall.stop();
    await page.getByText("No answer; trying again").waitFor();
    assert.ok((await page.locator(".grid-row").count()) > 0, "what was known stays");
    rollcall = await startRollcall({ data: folder.path, port });
    await page.getByText("Live", { exact: true }).waitFor({ timeout: 40_000 });
    assert.ok((await page.locator(".grid-row").count()) > 0);
    await page.close();
  });

  test("a page opened while the server starts comes by itself", async () => {
    const { port } = rollcall;
    await rollcall.stop();
    rollcall = await startRollcall({ data: folder.path, port });
    const page = await eventually("the door is open", 20, () => open(""));
    await page.getByRole("table").first().waitFor({ timeout: 40_000 });
    await page.close();
  });
});

/** Of the body as it travels. */
const bytesOf = (url: string) =>
  new Promise<number>((resolve, reject) => {
    const headers = { "Accept-Encoding": "br", Accept: "text/html" };
    get(url, { headers }, (response) => {
      let sum = 0;
      response.on("data", (chunk: Buffer) => {
        sum += chunk.length;
      });
      response.on("end", () => resolve(sum));
      response.on("error", reject);
    }).on("error", reject);
  });
