import * as z from "zod";
import type { TestPage } from "./browser.ts";

/** What Tab finds on its way through a page. */
export interface Way {
  /** What can be used and was never reached, as HTML. */
  readonly missed: readonly string[];
  /** What was reached and does not show it, or is out of sight. */
  readonly unseen: readonly string[];
  /** Whether Tab came out again at the other end. */
  readonly isOpen: boolean;
}

/** Presses Tab from the top of the page to its end. */
export const walked = async (page: TestPage): Promise<Way> => {
  await page.evaluate(prepare);
  const unseen: string[] = [];
  for (let step = 0; step < mostSteps; step += 1) {
    await page.keyboard.press("Tab");
    const { isOut, complaint } = stepShape.parse(await page.evaluate("globalThis.look()"));
    if (complaint !== "") unseen.push(complaint);
    if (isOut) return { missed: await missedOf(page), unseen, isOpen: true };
  }
  return { missed: await missedOf(page), unseen, isOpen: false };
};

const mostSteps = 400;
const stepShape = z.object({ isOut: z.boolean(), complaint: z.string() });
const missedOf = async (page: TestPage) =>
  z.array(z.string()).parse(await page.evaluate("globalThis.missed()"));

/**
 * One of a group of radio buttons or tabs is enough: arrows lead to the others (ARIA's authoring practices), which is what
 * `tabindex="-1"` says. What is reached must look otherwise than before, by outline, shadow, border or ground, and be in the window.
 */
const prepare = `
document.activeElement?.blur();
const reached = new Set();
const looks = (element) => {
  const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(element);
  return [outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor].join();
};
const usable = () =>
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    (one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }),
  );
const radios = (one) => (one.type === "radio" ? one.name : undefined);
const plain = new Map(usable().map((one) => [one, looks(one)]));
globalThis.look = () => {
  const here = document.activeElement;
  if (here === document.body || here === null || reached.has(here)) return { isOut: true, complaint: "" };
  reached.add(here);
  const { top, bottom, left, right } = here.getBoundingClientRect();
  const isInSight = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  const shown = [here, here.parentElement, here.nextElementSibling].some((one) => one && (plain.get(one) ?? "") !== looks(one));
  const complaint = !isInSight ? "out of sight: " : plain.get(here) === looks(here) && !shown ? "looks as before: " : "";
  return { isOut: false, complaint: complaint && complaint + here.outerHTML.slice(0, 200) };
};
globalThis.missed = () =>
  usable()
    .filter((one) => ![...reached].some((other) => other === one || (radios(one) && radios(one) === radios(other))))
    .map((one) => one.outerHTML.slice(0, 200));
undefined;
`;
