import { buildPage } from "../page/build.ts";
import { startBrowser, type TestBrowser } from "../tests/e2e/page/browser.ts";
import type { About, Figure } from "./support/figure.ts";
import { withFilledPool } from "./support/filled.ts";
import { read } from "./support/reading.ts";
import { wholeNumber } from "./support/settings.ts";
import { median, spreadOf } from "./support/statistics.ts";

const targets = wholeNumber("ROLLCALL_BENCH_PAGE_TARGETS", 20_000);
const runs = 9;

export const about: About = {
  says: "The page in a real Chromium: the bytes of its first view, and how soon a table of 20,000 targets is there.",
  minutes: 1,
};

/** Each run is a browser window of its own, with nothing kept. */
export const bench = async (): Promise<Figure[]> => {
  await buildPage();
  return withFilledPool(targets, async (pool) => {
    const url = await pool.restart();
    const browser = await startBrowser();
    try {
      // The first to ask for a job waits until its rules were applied; that is measured by `sd` and `relabel`.
      await read(`${url}/api/v1/search?job=pods&limit=1`);
      const opened: Opened[] = [];
      for (let run = 0; run < runs; run += 1) opened.push(await open(browser, `${url}/#/targets/pods`));
      const first = await bytesOf(browser, url);
      return figuresOf(opened, first);
    } finally {
      await browser.close();
    }
  });
};

interface Opened {
  /** Milliseconds from the navigation until the first rows are drawn. */
  readonly rows: number;
  /** Until all targets are in the table: every one can be scrolled to and searched. */
  readonly all: number;
}

const figuresOf = (opened: readonly Opened[], first: Bytes): Figure[] => {
  const of = (pick: (one: Opened) => number): Pick<Figure, "unit" | "at" | "ours" | "spread"> => {
    const all = opened.map(pick);
    return { unit: "ms", at: total, ours: median(all), spread: spreadOf(all) };
  };
  const target = { most: 1000, says: "at most 1 s" };
  return [
    { name: "first rows of the table are there", ...of(({ rows }) => rows) },
    { name: "all targets are in the table", ...of(({ all }) => all), target },
    {
      ...{ name: "the page's own files, compressed", unit: "B", ours: first.files },
      target: { most: 150_000, says: "at most 150 kB" },
    },
    { name: "first view with the answers it asks for", unit: "B", ours: first.all },
  ];
};

/** Timed in the page, by its own clock, so that the way from here to there does not count. */
const open = async (browser: TestBrowser, url: string): Promise<Opened> => {
  const page = await browser.open("about:blank");
  await page.addInitScript(watch);
  await page.goto(url);
  const seen: Opened = await page.evaluate("globalThis.opened");
  if (page.complaints.length > 0) throw new Error(page.complaints.join("\n"));
  await page.close();
  return seen;
};

const total = `${targets.toLocaleString("en-US")} targets`;

/**
 * Looks at each frame that the browser is about to draw. Of the outcome's text all counts: with more behind it, it stands there while
 * the last of the answer is on its way.
 */
const watch = `
  globalThis.opened = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("the table was not there within 20 s")), 20_000);
    const seen = {};
    const look = () => {
      if (document.querySelector("#target-0")) seen.rows ??= performance.now();
      const outcome = document.querySelector(".outcome")?.textContent ?? "";
      if (outcome.trim() === ${JSON.stringify(total)}) seen.all ??= performance.now();
      if (seen.rows === undefined || seen.all === undefined) requestAnimationFrame(look);
      else resolve(seen);
    };
    requestAnimationFrame(look);
  });
`;

interface Bytes {
  readonly files: number;
  readonly all: number;
}

/** Heads and compressed bodies, as Chromium's own network counts them. */
const bytesOf = async (browser: TestBrowser, url: string): Promise<Bytes> => {
  const page = await browser.open("about:blank");
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  const names = new Map<string, string>();
  const bytes = new Map<string, number>();
  network.on("Network.responseReceived", ({ requestId, response }) => names.set(requestId, response.url));
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) =>
    bytes.set(requestId, encodedDataLength),
  );
  await page.goto(url);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByText(total.replace(" targets", ""), { exact: true }).first().waitFor();
  const sum = (isIn: (name: string) => boolean) =>
    [...bytes].reduce((total, [id, length]) => total + (isIn(names.get(id) ?? "") ? length : 0), 0);
  const sums = { files: sum((name) => !name.includes("/api/")), all: sum((name) => name.startsWith("http")) };
  await page.close();
  return sums;
};
