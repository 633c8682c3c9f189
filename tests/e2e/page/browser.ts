import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

/** A real Chromium. */
export interface TestBrowser {
  /** A page of its own with nothing stored; whatever it complains of in its console is kept. */
  open(url: string, options?: PageOptions): Promise<TestPage>;
  close(): Promise<void>;
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly isDark?: boolean;
  /** The page's timers stand until the test moves them. */
  readonly isClockHeld?: boolean;
}

export interface TestPage extends Page {
  /** Errors of the console and of scripts: a refusal of the content-security policy is one. */
  readonly complaints: string[];
}

/** Throws when there is no `chromium` in the path: a page that no browser saw was not tested. */
export const startBrowser = async (): Promise<TestBrowser> => {
  // Chromium's sandbox does not work for root.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  return { open: (url, options = {}) => open(browser, url, options), close: () => browser.close() };
};

const findChromium = (): string => {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, "chromium")).find(isProgram);
  assert.ok(found, "there is no chromium in the path (Debian: apt-get install chromium)");
  return found;
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const open = async (browser: Browser, url: string, options: PageOptions): Promise<TestPage> => {
  const { width = 1280, height = 800, isDark = false, isClockHeld = false } = options;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: isDark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  page.setDefaultTimeout(patience);
  if (isClockHeld) await page.clock.install();
  const complaints: string[] = [];
  page.on("console", (message) => {
    const isTrouble = message.type() === "error" || message.type() === "warning";
    // A container that starts elsewhere on the machine; the page asks again.
    if (isTrouble && !message.text().includes("ERR_NETWORK_CHANGED")) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return Object.assign(page, { complaints });
};

/** Milliseconds; small machines run several suites at a time. */
const patience = 20_000;
