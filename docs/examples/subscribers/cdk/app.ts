import { App } from "aws-cdk-lib";
import { WebhookSubscriber } from "./stack.ts";

/** `npx cdk deploy --app "node docs/examples/subscribers/cdk/app.ts" -c …`: the example with what the command line says. */
const app = new App();
const given = (key: string): string => {
  const value: unknown = app.node.tryGetContext(key);
  if (typeof value !== "string" || value === "") throw new Error(`-c ${key}=… is needed`);
  return value;
};

new WebhookSubscriber(app, "rollcall-webhook", {
  busName: given("bus"),
  doorUrl: given("door"),
  webhookUrl: given("webhook"),
  secretName: given("secret"),
  jobs: given("jobs").split(","),
});
