import type { Resources } from "./resources.ts";

/** Names that two stacks in one account would both want. `stack` is this one's name, such as `rollcall-dev`. */
export const nameFindings = (resources: Resources, stack: string): string[] =>
  Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    const name = Properties?.[nameProperties[Type] ?? ""];
    return name === undefined || tells(JSON.stringify(name), stack)
      ? []
      : [`${id}: ${JSON.stringify(name)} is the same in every stack`];
  });

/** The API is named by stage first. */
const tells = (name: string, stack: string): boolean =>
  name.includes(stack) ||
  name.includes(stack.split("-").toReversed().join("-")) ||
  name.includes("AWS::StackName");

const nameProperties: Readonly<Record<string, string>> = {
  "AWS::ApiGateway::RestApi": "Name",
  "AWS::CloudWatch::Alarm": "AlarmName",
  "AWS::CloudWatch::Dashboard": "DashboardName",
  "AWS::DynamoDB::Table": "TableName",
  "AWS::Events::EventBus": "Name",
  "AWS::Events::Rule": "Name",
  "AWS::IAM::Role": "RoleName",
  "AWS::Lambda::Function": "FunctionName",
  "AWS::Logs::LogGroup": "LogGroupName",
  "AWS::S3::Bucket": "BucketName",
  "AWS::SQS::Queue": "QueueName",
};
