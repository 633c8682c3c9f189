import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { buildPage } from "../../page/build.ts";
import { audited } from "./page/audit.ts";
import { startBrowser, type TestBrowser } from "./page/browser.ts";
import { walked } from "./page/keys.ts";
import { type PageServer, startPageServer } from "./page/server.ts";
import { answerUnknown, unknownJob, unknownObject } from "./page/unknown.ts";
import { views } from "./page/views.ts";
import { answerFor } from "./page/world.ts";

/** In CSS pixels: what a window of 1280 by 1024 has left when its reader zooms, as WCAG 2.2 asks (1.4.4, 1.4.10). */
const sizes = {
  "a desk": { width: 1280, height: 1024 },
  "a desk at 200 %": { width: 640, height: 512 },
  "a desk at 400 %": { width: 320, height: 256 },
};

/** Each view of the page in a real Chromium, judged by axe, and walked through by key. */
describe("the page for everybody", () => {
  let server: PageServer;
  let browser: TestBrowser;
  before(async () => {
    await buildPage();
    const known = answerFor({ targets: 300 });
    server = await startPageServer({ answer: (question) => answerUnknown(question) ?? known(question) });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  const open = async (hash: string, options = {}) => {
    const page = await browser.open(server.url + hash, options);
    await page.getByText("Live", { exact: true }).waitFor();
    await page.locator("main :is(table, article, .step)").first().waitFor();
    return page;
  };

  for (const [name, hash] of Object.entries(views)) {
    for (const [size, viewport] of Object.entries(sizes)) {
      test(`${name}: on ${size} an audit finds nothing, and nothing is wider than the window`, async () => {
        const page = await open(hash, viewport);
        assert.deepEqual(await audited(page), []);
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), viewport.width);
        await page.close();
      });
    }

    test(`${name}: in dark colours an audit finds nothing`, async () => {
      const page = await open(hash, { isDark: true });
      assert.deepEqual(await audited(page), []);
      await page.close();
    });

    test(`${name}: Tab reaches all that can be used, shows where it is, and comes out again`, async () => {
      const page = await open(hash);
      assert.deepEqual(await walked(page), { missed: [], unseen: [], isOpen: true });
      await page.close();
    });
  }

  /** By the text that tells of it, which is shown before the audit begins. */
  const wrong = {
    "a filter that is refused": [
      `#/targets/pods?q=${encodeURIComponent('{namespace=~"["}')}`,
      /missing closing/,
    ],
    "a list without targets": [
      `#/targets/pods?q=${encodeURIComponent('{namespace="nobody"}')}`,
      /^0 targets/,
    ],
    "a job that nobody knows": [`#/targets/${unknownJob}`, /^no such job/],
    "an object that nobody knows": [`#/explain?object=${unknownObject}`, /no look has found it/],
    "metrics of a pod that has none": ["#/metrics?namespace=shop&pod=gone", /is not in the newest metrics/],
  } as const;
  for (const isDark of [false, true]) {
    const colours = isDark ? "dark" : "light";
    for (const [name, [hash, text]] of Object.entries(wrong)) {
      test(`${name}: in ${colours} colours an audit finds nothing`, async () => {
        const page = await browser.open(server.url + hash, { isDark });
        await page.getByText(text).first().waitFor();
        assert.deepEqual(await audited(page), []);
        await page.close();
      });
    }

    test(`a Rollcall that does not answer any more: in ${colours} colours an audit finds nothing`, async () => {
      const leaving = await startPageServer({ answer: answerFor({ targets: 30 }) });
      const page = await browser.open(leaving.url, { isDark, isClockHeld: true });
      await page.getByText("Live", { exact: true }).waitFor();
      await leaving.close();
      // Until the page asks again.
      await page.clock.runFor(5000);
      await page.getByText("No answer; trying again").waitFor();
      assert.deepEqual(await audited(page), []);
      await page.close();
    });
  }
});
