import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { type PageServer, startPageServer } from "./server.ts";
import { answerFor } from "./world.ts";

const hostile = {
  evil: '<script>document.title="run"</script><img src=x onerror=alert(1)>',
  turned: "abc\u202edef",
  huge: "x".repeat(1_000_000),
  wide: "W".repeat(5000),
  ["name_".repeat(60)]: "a long name",
};

describe("20,000 targets, some of them hostile", () => {
  let server: PageServer;
  let browser: TestBrowser;
  before(async () => {
    server = await startPageServer({ answer: answerFor({ targets: 20_000, hostile }) });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  test("the table is there at once, and all of them soon after", async (t) => {
    const began = performance.now();
    const page = await browser.open(`${server.url}#/targets/pods`);
    await page.locator("#target-0").waitFor();
    const first = performance.now() - began;
    await page.getByText("20,000 targets").waitFor();
    t.diagnostic(
      `20,000 targets: usable after ${first.toFixed(0)} ms, all there after ${(performance.now() - began).toFixed(0)} ms`,
    );
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("only the rows in view are drawn, and the last is one key away", async () => {
    const page = await browser.open(`${server.url}#/targets/pods`);
    await page.getByText("20,000 targets").waitFor();
    const grid = page.getByRole("grid");
    assert.equal(await grid.getAttribute("aria-rowcount"), "20001");
    await grid.focus();
    await page.keyboard.press("End");
    await page.locator("#target-19999").waitFor();
    assert.ok((await page.locator(".grid-row").count()) < 60);
    await page.close();
  });

  test("words narrow the table without a question; a selector is the server's to judge", async () => {
    const page = await browser.open(`${server.url}#/targets/pods`);
    await page.getByText("20,000 targets").waitFor();
    const search = page.getByRole("searchbox", { name: "Search" });
    await search.fill("cart-4001");
    await page.getByText("1 of 20,000 targets").waitFor();
    await search.fill('{namespace="shop"}');
    await page.getByText("4,000 targets").waitFor();
    assert.equal(
      server.asked.findLast(({ query }) => query.has("match[]"))?.query.get("match[]"),
      '{namespace="shop"}',
    );
    await search.fill('{namespace=~"["}');
    await page.getByRole("alert").getByText("missing closing ]").waitFor();
    await search.fill("{namespace=shop}");
    await page.getByRole("alert").getByText("quotes around the value").waitFor();
    await search.fill("");
    await page.getByText("20,000 targets").waitFor();
    await page.close();
  });

  test("hostile labels are shown, not run, and stay in their place", async () => {
    const page = await browser.open(`${server.url}#/targets/pods`, { width: 390, height: 844 });
    await page.locator("#target-0").click();
    const panel = page.getByRole("complementary", { name: "One target" });
    await panel.getByText('<script>document.title="run"</script>').first().waitFor();
    await panel.getByText("U+202E").first().waitFor();
    const more = panel.getByRole("button", { name: "Show all 1,000,000 characters" }).first();
    await more.click();
    assert.equal((await panel.getByLabel("The whole value").inputValue()).length, 1_000_000);
    assert.notEqual(await page.title(), "run");
    assert.equal(await page.locator("#app script, #app img").count(), 0);
    assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 390);
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("the address says everything that is shown", async () => {
    const page = await browser.open(
      `${server.url}#/targets/pods?q=${encodeURIComponent('{namespace="shop"} api')}&state=active`,
    );
    await page.locator("#target-3").click();
    await page.getByRole("tab", { name: "Relabel steps" }).click();
    await page.getByText("/shop/metrics").first().waitFor();
    const other = await browser.open(page.url());
    await other.getByRole("tab", { name: "Relabel steps", selected: true }).waitFor();
    assert.equal(
      await other.getByRole("complementary").getByRole("heading", { level: 2 }).textContent(),
      await page.getByRole("complementary").getByRole("heading", { level: 2 }).textContent(),
    );
    await Promise.all([page.close(), other.close()]);
  });
});
