import { alarmFindings } from "./alarms.ts";
import { busFindings } from "./bus.ts";
import { doorFindings } from "./door.ts";
import { functionFindings } from "./functions.ts";
import { nameFindings } from "./names.ts";
import { orderFindings } from "./orders.ts";
import { queueFindings } from "./queues.ts";
import { ofType, type Resources } from "./resources.ts";
import { roleFindings } from "./roles.ts";

/** What AWS's validator does not see in a packaged template, one line each. Throws for a template without what it looks at. */
export const templateFindings = async (resources: Resources, stack = "rollcall-dev"): Promise<string[]> => {
  if (ofType(resources, "AWS::Lambda::Function").length === 0)
    throw new Error("the template has no function");
  return [
    ...(await roleFindings(resources)),
    ...orderFindings(resources),
    ...queueFindings(resources),
    ...functionFindings(resources),
    ...busFindings(resources),
    ...doorFindings(resources),
    ...alarmFindings(resources),
    ...nameFindings(resources, stack),
  ];
};
