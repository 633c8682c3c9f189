import { conditionsOf } from "./conditions.ts";
import type { Printed, Resource } from "./printed.ts";

/** Replaces `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join`, `Fn::Split` and `Fn::If` in a value by local names, ARNs and URLs; throws for what it does not know. */
export type Resolve = (value: unknown) => unknown;

export interface Place {
  /** Of the local AWS, for queue URLs. */
  readonly endpoint: string;
  readonly account: string;
  readonly region: string;
  readonly stack: string;
}

export const createResolve = (printed: Printed, place: Place): Resolve => {
  const symbols = symbolsOf(printed, place);
  const look = (name: string): string => {
    const found = symbols.get(name);
    if (found === undefined) throw new Error(`the template refers to ${name}, which has no local meaning`);
    return found;
  };
  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve).filter((one) => one !== noValue);
    if (typeof value !== "object" || value === null) return value;
    const [[key, operand] = ["", undefined], second] = Object.entries(value);
    if (!second && (key === "Ref" || key.startsWith("Fn::"))) return intrinsic(key, operand);
    const inner = Object.entries(value).map(([name, one]) => [name, resolve(one)]);
    return Object.fromEntries(inner.filter(([, one]) => one !== noValue));
  };
  const holds = conditionsOf(printed.resources.Conditions, resolve);
  const intrinsic = (key: string, operand: unknown): unknown => {
    if (key === "Ref") return operand === "AWS::NoValue" ? noValue : look(String(operand));
    if (key === "Fn::GetAtt") return look(Array.isArray(operand) ? operand.join(".") : String(operand));
    if (key === "Fn::Sub") return substitute(operand);
    if (key === "Fn::Join" && Array.isArray(operand))
      return list(resolve(operand[1])).join(String(operand[0]));
    if (key === "Fn::Split" && Array.isArray(operand)) {
      return String(resolve(operand[1])).split(String(operand[0]));
    }
    if (key === "Fn::If" && Array.isArray(operand))
      return resolve(operand[holds(String(operand[0])) ? 1 : 2]);
    throw new Error(`the template uses ${key}, which the local run does not know`);
  };
  const substitute = (operand: unknown): string => {
    const [text, own] = Array.isArray(operand) ? operand : [operand, {}];
    const values = new Map(Object.entries(Object(resolve(own))));
    return String(text).replaceAll(/\$\{([^}]*)\}/g, (_, name: string) =>
      name.startsWith("!") ? `\${${name.slice(1)}}` : String(values.get(name) ?? look(name)),
    );
  };
  return resolve;
};

/** Stands for what is to be left out. */
const noValue = Symbol("AWS::NoValue");

/** Every name that a reference may use: pseudo parameters, resources, and the functions that the deploy tool makes. */
const symbolsOf = (printed: Printed, place: Place): Map<string, string> => {
  const { account, region, stack } = place;
  const symbols = new Map([
    ["AWS::AccountId", account],
    ["AWS::Region", region],
    ["AWS::StackName", stack],
    ["AWS::Partition", "aws"],
    ["AWS::URLSuffix", "amazonaws.com"],
  ]);
  for (const [id, resource] of Object.entries(printed.resources.Resources)) {
    for (const [attribute, value] of attributesOf(id, resource, place)) {
      symbols.set(attribute === "Ref" ? id : `${id}.${attribute}`, value);
    }
  }
  for (const [key, { name }] of Object.entries(printed.functions)) {
    const id = `${key.charAt(0).toUpperCase()}${key.slice(1)}LambdaFunction`;
    symbols.set(id, name).set(`${id}.Arn`, functionArn(name, place));
  }
  return symbols;
};

export const functionArn = (name: string, { account, region }: Place) =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;

/** The name that a resource gives itself (plain, or made of the stack's name), or the one it gets here. */
export const nameOf = (id: string, resource: Resource, stack: string): string => {
  const given = resource.Properties[nameProperties[resource.Type] ?? ""];
  if (given === undefined) return `${stack}-${id}`;
  const text = typeof given === "object" && given !== null && "Fn::Sub" in given ? given["Fn::Sub"] : given;
  const name = String(text).replaceAll(/\$\{AWS::StackName\}/g, stack);
  if (typeof text === "string" && !name.includes("$")) return name;
  throw new Error(
    `resource ${id}: the local run understands a plain name or one made of the stack's, not ${JSON.stringify(given)}`,
  );
};

const nameProperties: Readonly<Record<string, string>> = {
  "AWS::DynamoDB::Table": "TableName",
  "AWS::SQS::Queue": "QueueName",
  "AWS::Events::EventBus": "Name",
  "AWS::Events::Rule": "Name",
};

const attributesOf = (id: string, resource: Resource, place: Place): [string, string][] => {
  const { account, region, stack, endpoint } = place;
  const name = nameOf(id, resource, stack);
  const arn = (service: string, path: string): [string, string] => [
    "Arn",
    `arn:aws:${service}:${region}:${account}:${path}`,
  ];
  switch (resource.Type) {
    case "AWS::DynamoDB::Table":
      return [["Ref", name], arn("dynamodb", `table/${name}`)];
    case "AWS::SQS::Queue": {
      const url = `${endpoint}/${account}/${name}`;
      return [["Ref", url], ["QueueUrl", url], ["QueueName", name], arn("sqs", name)];
    }
    case "AWS::Events::EventBus":
      return [["Ref", name], ["Name", name], arn("events", `event-bus/${name}`)];
    case "AWS::Events::Rule":
      return [["Ref", name], arn("events", `rule/${name}`)];
    case "AWS::IAM::Role":
      return [
        ["Ref", name],
        ["Arn", `arn:aws:iam::${account}:role/${name}`],
      ];
    default:
      return [];
  }
};

const list = (value: unknown): unknown[] => {
  if (!Array.isArray(value)) throw new Error("the template joins what is no list");
  return value;
};
