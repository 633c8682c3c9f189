import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { audited } from "./audit.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { type PageServer, type Reply, startPageServer } from "./server.ts";
import { answerFor } from "./world.ts";

const pod = "cart-7d9f4b-x2k4q";

describe("cluster metrics, from the cluster down to a container", () => {
  let server: PageServer;
  let browser: TestBrowser;
  /** In place of the made-up cluster. */
  let instead: Reply | undefined;
  before(async () => {
    const usual = answerFor({ targets: 30 });
    server = await startPageServer({
      answer: (question) => (question.path === "api/v1/usage" && instead ? instead : usual(question)),
      stage: "/dev/",
    });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  const open = (query = "", options = {}) => browser.open(`${server.url}#/metrics${query}`, options);

  test("a click leads down, the way back up is on top, and each place has its address and its focus", async () => {
    const page = await open();
    await page.getByRole("heading", { level: 1, name: "Cluster prod-eu" }).waitFor();
    for (const [name, title] of [
      ["shop", "Namespace shop"],
      [pod, `Pod ${pod}`],
      ["main", "Container main"],
    ] as const) {
      await page.getByRole("table").getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await eventually("the name has the focus", 5, async () =>
        assert.equal(await page.evaluate("document.activeElement.tagName"), "H1"),
      );
    }
    assert.match(page.url(), /#\/metrics\?cluster=prod-eu&namespace=shop&pod=cart-[^&]+&container=main$/);
    assert.equal(await page.title(), "main – Metrics – Rollcall");
    const other = await browser.open(page.url());
    await other.getByRole("heading", { level: 1, name: "Container main" }).waitFor();
    const way = other.getByRole("navigation", { name: "Where this is" });
    assert.deepEqual(await way.getByRole("link").allTextContents(), ["prod-eu", "shop", pod, "main"]);
    await way.getByRole("link", { name: "shop" }).click();
    await other.getByRole("heading", { level: 1, name: "Namespace shop" }).waitFor();
    await other.goBack();
    await other.getByRole("heading", { level: 1, name: "Container main" }).waitFor();
    assert.deepEqual([...page.complaints, ...other.complaints], []);
    await Promise.all([page.close(), other.close()]);
  });

  test("a node has its pods, and a pod its node", async () => {
    const page = await open("?node=node-3");
    await page.getByRole("heading", { level: 1, name: "Node node-3" }).waitFor();
    await page.getByRole("heading", { level: 2, name: /own programs/ }).waitFor();
    await page.getByRole("link", { name: pod }).first().click();
    await page.getByRole("link", { name: "node-3" }).click();
    await page.getByRole("heading", { level: 1, name: "Node node-3" }).waitFor();
    await page.close();
  });

  test("charts tell their values by key and by ear, with what is asked for and the limit", async () => {
    const page = await open(`?namespace=shop&pod=${pod}`);
    const cpu = page.getByRole("slider", { name: /^CPU/ });
    await cpu.waitFor();
    assert.equal(await page.getByRole("slider").count(), 3);
    const said = async () => (await cpu.getAttribute("aria-valuetext")) ?? "";
    const last = await said();
    assert.match(last, /^\d\d:\d\d:\d\d: in use [\d,]+m, asked for [\d,]+m, limit [\d,]+m$/);
    await cpu.press("ArrowLeft");
    await eventually("an earlier time is told", 5, async () => assert.notEqual(await said(), last));
    assert.equal(await page.locator(".looked").count(), 3, "all charts look at one time");
    await cpu.press("Escape");
    await page.locator(".looked").first().waitFor({ state: "detached" });
    assert.equal(await page.locator(".level-limit line, line.level-limit").count(), 2);
    await page.close();
  });

  test("a column's head orders by it, which the address says", async () => {
    const page = await open("?namespace=shop");
    await page.getByRole("button", { name: "Memory" }).click();
    await page
      .getByRole("columnheader", { name: /^Memory/ })
      .first()
      .waitFor();
    await eventually("the server is asked for that order", 5, async () =>
      assert.equal(server.asked.findLast(({ path }) => path === "api/v1/usage")?.query.get("sort"), "memory"),
    );
    assert.match(page.url(), /sort=memory/);
    assert.equal(await page.locator("th[aria-sort=descending]").textContent(), "Memory ↓");
    await page.close();
  });

  test("what is gone is said, and the way up stays", async () => {
    const page = await open("?namespace=shop&pod=gone");
    await page.getByRole("alert").getByText("is not in the newest metrics").waitFor();
    await page.getByRole("link", { name: "shop" }).click();
    await page.getByRole("heading", { level: 1, name: "Namespace shop" }).waitFor();
    await page.close();
  });

  test("where none are collected it says how that is switched on, or what else is the matter", async () => {
    const state = (one: string) => ({ data: { state: one, clusters: [], resolution: 60 } });
    instead = state("off");
    const page = await open("", { isClockHeld: true });
    const later = async (next: Reply | undefined) => {
      instead = next;
      await page.clock.runFor(5000);
    };
    await page.getByText('sources: ["kubernetes.summary_api:').waitFor();
    assert.deepEqual(await audited(page), []);
    await later(state("waiting"));
    await page.getByText("The first measurement is on its way. Kubelets are read every 1 min.").waitFor();
    await later(state("no cluster"));
    await page.getByText("There is no cluster whose metrics you may read").waitFor();
    await later(undefined);
    await page.getByRole("heading", { level: 1, name: "Cluster prod-eu" }).waitFor();
    await page.close();
  });

  test("names from outside are shown, not run, and a telephone shows all of it", async () => {
    const name = `${"<img src=x onerror=alert(1)>".repeat(3)}\u202e`;
    const line = [[Math.floor(Date.now() / 1000), 1]];
    instead = {
      data: {
        state: "ready",
        clusters: [name],
        cluster: name,
        resolution: 60,
        at: new Date().toISOString(),
        series: { "cpu/usage_rate": line },
        parts: [{ kind: "namespace", total: 1, items: [{ name, values: { "cpu/usage_rate": 1e15 } }] }],
      },
    };
    const page = await open("", { width: 390, height: 844 });
    await page.getByText("U+202E").first().waitFor();
    assert.equal(await page.locator("#app img").count(), 0);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
    assert.deepEqual(page.complaints, []);
    instead = undefined;
    await page.close();
  });
});
