import assert from "node:assert/strict";
import type { Resources } from "../../template-rules/resources.ts";

/** A small template as it should be: a schedule, two functions that the bus starts, a queue's consumer, and the door. */
export const good = (): Resources => ({
  ...Object.assign({}, ...["Tick", "Discover", "Relay", "Reduce", "Serve"].map(lambda)),
  TickRole: role(logs("Tick"), puts(["Discovery Due", "Relay Due"]), fails),
  DiscoverRole: role(logs("Discover"), fails),
  RelayRole: role(logs("Relay"), fails, {
    "Fn::If": ["HasSecrets", secret("db-AbCdEf"), { Ref: "AWS::NoValue" }],
  }),
  ReduceRole: role(logs("Reduce")),
  ServeRole: role(logs("Serve"), reads, marking),
  ...invoked("Discover", "Discovery Due"),
  ...invoked("Relay", "Relay Due"),
  TickSchedule: {
    Type: "AWS::Events::Rule",
    Properties: { ScheduleExpression: "rate(1 minute)", Targets: [{ Arn: arn("TickLambdaFunction") }] },
  },
  TickPermission: permission("Tick", arn("TickSchedule")),
  Bus: { Type: "AWS::Events::EventBus", Properties: { Name: { Ref: "AWS::StackName" } } },
  OnlyPutters: {
    Type: "AWS::Events::EventBusPolicy",
    Properties: {
      Statement: {
        Effect: "Deny",
        Principal: "*",
        Action: "events:PutEvents",
        Resource: arn("Bus"),
        Condition: { ArnNotEquals: { "aws:PrincipalArn": [arn("TickRole")] } },
      },
    },
  },
  Changes: {
    Type: "AWS::SQS::Queue",
    Properties: { VisibilityTimeout: 180, RedrivePolicy: { deadLetterTargetArn: arn("FailedOrders") } },
  },
  FailedOrders: { Type: "AWS::SQS::Queue", Properties: {} },
  QueuesFromBus: {
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      PolicyDocument: { Statement: [fromBus(["Changes", "FailedOrders"]), onlyFrom("ChangesRule")] },
    },
  },
  ChangesRule: {
    Type: "AWS::Events::Rule",
    Properties: {
      EventPattern: { "detail-type": ["Target Group Changed"] },
      Targets: [
        {
          Arn: arn("Changes"),
          DeadLetterConfig: { Arn: arn("FailedOrders") },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 3600 },
        },
      ],
    },
  },
  Source: {
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: {
      BatchSize: 10,
      EventSourceArn: arn("Changes"),
      FunctionName: arn("ReduceLambdaFunction"),
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 10 },
    },
  },
  Stale: {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmDescription: "stale",
      Namespace: "Rollcall",
      MetricName: "StaleProviders",
      Dimensions: [{ Name: "service", Value: "one" }],
      TreatMissingData: "notBreaching",
    },
  },
  Api: { Type: "AWS::ApiGateway::RestApi" },
  ClientFault: answer("DEFAULT_4XX"),
  ServerFault: answer("DEFAULT_5XX"),
  Deployment: { Type: "AWS::ApiGateway::Deployment", DependsOn: ["ClientFault", "ServerFault"] },
  Dashboard: {
    Type: "AWS::CloudWatch::Dashboard",
    Properties: { DashboardBody: { "Fn::Sub": JSON.stringify({ widgets: [widget("Targets")] }) } },
  },
});

export const arn = (name: string) => ({ "Fn::GetAtt": [name, "Arn"] });

/** The good template with other properties of one resource. */
export const but = (name: string, properties: Record<string, unknown>): Resources => {
  const resources = good();
  const one = resources[name];
  assert.ok(one !== undefined);
  return { ...resources, [name]: { ...one, Properties: { ...one.Properties, ...properties } } };
};

/** The good template with one resource more, or another in its place. */
export const having = (name: string, resource: Resources[string]): Resources => ({
  ...good(),
  [name]: resource,
});

/** The good template without one resource. */
export const without = (name: string): Resources => {
  const resources = good();
  assert.ok(name in resources);
  return Object.fromEntries(Object.entries(resources).filter(([one]) => one !== name));
};

export const role = (...statements: object[]): Resources[string] => ({
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: { Statement: [{ Principal: { Service: "lambda.amazonaws.com" } }] },
    Policies: [{ PolicyDocument: { Statement: statements } }],
  },
});

export const logs = (name: string) => ({
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: arn(`${name}LogGroup`),
});

export const puts = (types: string[], pins: object = { "events:detail-type": types }) => ({
  Effect: "Allow",
  Action: "events:PutEvents",
  Resource: arn("Bus"),
  Condition: { StringEquals: { "events:source": "rollcall.discovery", ...pins } },
});

export const fails = { Effect: "Allow", Action: "sqs:SendMessage", Resource: arn("FailedOrders") };

export const secret = (name: string) => ({
  Effect: "Allow",
  Action: "secretsmanager:GetSecretValue",
  Resource: { "Fn::Split": [",", `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}`] },
});

export const reads = {
  Effect: "Allow",
  Action: ["dynamodb:GetItem", "dynamodb:Query"],
  Resource: arn("Table"),
};

export const marking = {
  Effect: "Allow",
  Action: "dynamodb:PutItem",
  Resource: arn("Table"),
  Condition: {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["reader#*"] },
    Null: { "dynamodb:LeadingKeys": "false" },
  },
};

export const fromBus = (queues: string[]) => ({
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: queues.map(arn),
});

/** Nobody else sends to the queue `Changes`. */
export const onlyFrom = (rule: string) => ({
  ...{ Effect: "Deny", Principal: "*", Action: "sqs:SendMessage", Resource: arn("Changes") },
  Condition: { ArnNotEquals: { "aws:SourceArn": arn(rule) } },
});

/** The good template with other statements about who may send to its queues. */
export const sending = (...statements: object[]): Resources =>
  but("QueuesFromBus", { PolicyDocument: { Statement: statements } });

export const targetOf = (name: string) => ({
  Arn: arn(`${name}LambdaFunction`),
  DeadLetterConfig: { Arn: arn("FailedOrders") },
  RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
});

export const widget = (metric: string, dimension = "service") => ({
  ...{ x: 0, y: 0, width: 8, height: 6 },
  properties: { title: metric, region: "here", metrics: [["Rollcall", metric, dimension, "one"]] },
});

const answer = (type: string): Resources[string] => ({
  Type: "AWS::ApiGateway::GatewayResponse",
  Properties: { ResponseType: type },
});

const lambda = (name: string): Resources => ({
  [`${name}LambdaFunction`]: {
    Type: "AWS::Lambda::Function",
    Properties: {
      ...{ Role: arn(`${name}Role`), Timeout: 30, Architectures: ["arm64"], Runtime: "nodejs24.x" },
    },
  },
  [`${name}LogGroup`]: { Type: "AWS::Logs::LogGroup", Properties: { RetentionInDays: 30 } },
});

const permission = (name: string, source: unknown): Resources[string] => ({
  Type: "AWS::Lambda::Permission",
  Properties: {
    FunctionName: arn(`${name}LambdaFunction`),
    Action: "lambda:InvokeFunction",
    Principal: "events.amazonaws.com",
    SourceArn: source,
  },
});

const invoked = (name: string, type: string): Resources => ({
  [`${name}Invoke`]: {
    Type: "AWS::Lambda::EventInvokeConfig",
    Properties: {
      FunctionName: { Ref: `${name}LambdaFunction` },
      DestinationConfig: { OnFailure: { Destination: arn("FailedOrders") } },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    },
  },
  [`${name}Rule`]: {
    Type: "AWS::Events::Rule",
    Properties: {
      Name: `rollcall-dev-${name}`,
      EventPattern: { "detail-type": [type] },
      Targets: [targetOf(name)],
    },
  },
  [`${name}Permission`]: permission(name, { "Fn::Join": ["/", ["rule", "bus", `rollcall-dev-${name}`]] }),
});
