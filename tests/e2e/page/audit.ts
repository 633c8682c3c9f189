import axe from "axe-core";
import * as z from "zod";
import type { TestPage } from "./browser.ts";

/** What axe finds wrong with a page as it stands, by its own choice of rules and that for large enough targets (WCAG 2.2, 2.5.8). */
export const audited = async (page: TestPage): Promise<string[][]> => {
  await page.evaluate(axe.source);
  const { violations } = auditShape.parse(
    await page.evaluate(
      'axe.run(document, { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })',
    ),
  );
  return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
};

const auditShape = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});
