import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually } from "../eventually.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { type PageServer, startPageServer } from "./server.ts";
import { views } from "./views.ts";
import { answerFor } from "./world.ts";

describe("using the page by key, by ear, and from elsewhere", () => {
  let server: PageServer;
  let browser: TestBrowser;
  before(async () => {
    // As a door in the cloud, whose addresses begin with a stage.
    server = await startPageServer({ answer: answerFor({ targets: 300 }), stage: "/dev/" });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  test("everything is below the stage, and nothing comes from elsewhere", async () => {
    const page = await browser.open(server.url);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    for (const hash of Object.values(views)) {
      await page.goto(server.url + hash);
      await page.locator("main :is(table, article)").first().waitFor();
    }
    assert.ok(asked.length > 5);
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(server.url) && !url.startsWith("data:")),
      [],
    );
    assert.deepEqual(page.complaints, []);
    await page.close();
  });

  test("a target is found, opened and closed by key alone", async () => {
    const page = await browser.open(`${server.url}#/targets/pods`);
    await page.locator("#target-0").waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("PageDown");
    await page.keyboard.press("ArrowUp");
    const current = await page.getByRole("grid").getAttribute("aria-activedescendant");
    assert.match(current ?? "", /^target-([5-9]|1\d)$/);
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: "One target" });
    await panel.waitFor();
    await panel.getByRole("tab", { name: "Labels" }).focus();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    assert.equal(await page.evaluate("document.activeElement.getAttribute('role')"), "grid");
    await page.close();
  });

  test("the first Tab leads past the head, and a new view takes the focus", async () => {
    const page = await browser.open(server.url);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate("document.activeElement.tagName"), "MAIN");
    await page.getByRole("link", { name: "Changes" }).press("Enter");
    // Not waitForFunction: where it has to ask twice it evaluates in the page, which the page's own policy forbids.
    const isThere = "document.title.startsWith('Changes') && document.activeElement.tagName === 'MAIN'";
    await eventually("the view of changes has the focus", 5, async () =>
      assert.equal(await page.evaluate(isThere), true),
    );
    await page.close();
  });

  test("the chart's spans are chosen with the arrow keys", async () => {
    const page = await browser.open(`${server.url}#/changes`);
    await page.getByText("changes", { exact: false }).first().waitFor();
    const chart = page.getByRole("slider");
    await page.locator(".bar").first().waitFor();
    await chart.press("ArrowLeft");
    assert.match(
      (await chart.getAttribute("aria-valuetext")) ?? "",
      /\d to .*: \d+ added, \d+ updated, \d+ removed/,
    );
    await page.getByRole("button", { name: "Show all" }).waitFor();
    await chart.press("Escape");
    await page.getByRole("button", { name: "Show all" }).waitFor({ state: "detached" });
    await page.close();
  });

  test("what the guard holds is let go only when asked twice, with the header that no form can send", async () => {
    const page = await browser.open(server.url);
    await page.getByRole("button", { name: "Let them go…" }).click();
    assert.equal(
      server.asked.some(({ method }) => method === "POST"),
      false,
    );
    await page.getByRole("button", { name: "Remove 52 targets" }).click();
    await page.getByText("Let go; the next look announces it.").waitFor();
    const released = server.asked.find(({ method }) => method === "POST");
    assert.equal(released?.path, "api/v1/providers/dockerswarm/77aa10be4401/guard/release");
    assert.equal(released?.headers["x-rollcall-operate"], "1");
    await page.close();
  });

  test("the colours that were chosen are there the next time", async () => {
    const page = await browser.open(server.url);
    const ground = () => page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
    const light = await ground();
    await page.getByRole("button", { name: /Colours/ }).click();
    await page.getByRole("button", { name: /Colours: light/ }).click();
    assert.notEqual(await ground(), light);
    await page.reload();
    await page.getByRole("button", { name: "Colours: dark" }).waitFor();
    assert.notEqual(await ground(), light);
    await page.close();
  });

  test("a page that nobody sees asks nothing, and asks at once when it is seen again", async () => {
    const page = await browser.open(server.url, { isClockHeld: true });
    // What the overview asks for last has arrived: nothing is under way.
    await page.locator(".jobs").getByRole("link", { name: "3", exact: true }).waitFor();
    const hide = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true }); document.dispatchEvent(new Event("visibilitychange"))`,
      );
    await hide(true);
    const before = server.asked.length;
    await page.clock.runFor(60_000);
    assert.equal(server.asked.length, before);
    const asking = page.waitForRequest(/api\/v1\/providers/);
    await hide(false);
    await asking;
    await page.close();
  });
});
