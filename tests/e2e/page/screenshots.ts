import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPage } from "../../../page/build.ts";
import { repository } from "../process.ts";
import { type PageOptions, startBrowser, type TestPage } from "./browser.ts";
import { startPageServer } from "./server.ts";
import { hashOfPicture, hashOfSources, type Taken } from "./taken.ts";
import { answerFor } from "./world.ts";

/**
 * `npm run screenshots`: a picture of each view over a made-up fleet, into docs/screenshots, and beside them what they are of.
 * tests/unit/docs/screenshots.test.ts tells when the page has changed since.
 */
const main = async () => {
  await buildPage();
  const server = await startPageServer({ answer: answerFor({ targets: 1200 }) });
  const browser = await startBrowser();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    for (const { name, hash, ...options } of pictures) {
      const page = await browser.open(server.url + hash, options);
      await take(page, join(folder, `${name}.png`));
      await page.close();
    }
    const hashed = pictures.map(({ name }) => [name, hashOfPicture(join(folder, `${name}.png`))] as const);
    const taken: Taken = { sources: hashOfSources(repository), pictures: Object.fromEntries(hashed) };
    writeFileSync(join(folder, "taken.json"), `${JSON.stringify(taken, null, 2)}\n`);
  } finally {
    await browser.close();
    await server.close();
  }
};

const folder = join(repository, "docs/screenshots");

const take = async (page: TestPage, path: string) => {
  await page.getByText("Live", { exact: true }).waitFor();
  await page.locator("main :is(table, article)").first().waitFor();
  await page.getByText("more on their way").waitFor({ state: "detached" });
  await page.getByText("Asking the server…").waitFor({ state: "detached" });
  await page.screenshot({ path });
  process.stdout.write(`${path}: ${Math.ceil(statSync(path).size / 1000)} kB\n`);
  // The header of a PNG says how wide it is: one that is not whole would be shown as a broken picture.
  if (readFileSync(path).readUInt32BE(16) !== page.viewportSize()?.width)
    throw new Error(`${path} is not whole`);
};

const opened = `t=${encodeURIComponent("pod/billing/cart-1 10.0.0.1:8080")}`;
const wide: PageOptions = { width: 1280, height: 800 };
const phone: PageOptions = { width: 390, height: 780 };

const pictures: readonly (PageOptions & { readonly name: string; readonly hash: string })[] = [
  { name: "overview", hash: "", ...wide },
  { name: "targets", hash: `#/targets/pods?${opened}`, ...wide },
  { name: "relabel-steps", hash: `#/targets/pods?tab=steps&${opened}`, ...wide, isDark: true },
  { name: "explain", hash: "#/explain?object=pod/kube-system/web-3", ...wide },
  { name: "changes", hash: "#/changes", ...wide },
  { name: "changes-dark", hash: "#/changes", ...wide, isDark: true },
  { name: "metrics", hash: "#/metrics?namespace=shop&pod=cart-7d9f4b-x2k4q", ...wide },
  { name: "metrics-dark", hash: "#/metrics", ...wide, isDark: true },
  { name: "phone-overview", hash: "", ...phone },
  { name: "phone-targets", hash: "#/targets/pods", ...phone },
];

await main();
