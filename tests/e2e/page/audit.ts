import axe from "axe-core";
import * as z from "zod";
import type { TestPage } from "./browser.ts";

/** What axe finds wrong with a page as it stands in light colours, and with its contrasts in dark ones. */
export const audited = async (page: TestPage): Promise<string[][]> => {
  await page.evaluate(axe.source);
  const audit = async (options: string) => {
    const { violations } = auditShape.parse(await page.evaluate(`axe.run(document, ${options})`));
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  };
  const light = await audit("{}");
  await page.emulateMedia({ colorScheme: "dark" });
  return [...light, ...(await audit('{ runOnly: ["color-contrast"] }'))];
};

const auditShape = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});
