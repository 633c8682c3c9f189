import { randomUUID } from "node:crypto";
import type { Clock } from "../../lib/clock.ts";
import type { FunctionDefinition } from "./definition.ts";

/** The context of one invocation, as Lambda's Node 24 runtime makes it. `hurry` takes away what is left of its time. */
export const createContext = (definition: FunctionDefinition, clock: Clock) => {
  let deadline = clock.now() + definition.timeout;
  const context = {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    functionName: definition.fullName,
    functionVersion: "$LATEST",
    invokedFunctionArn: definition.arn,
    memoryLimitInMB: String(definition.memory),
    logGroupName: `/aws/lambda/${definition.fullName}`,
    logStreamName: "local",
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
  };
  const hurry = () => {
    deadline = clock.now();
  };
  return { context, hurry };
};
