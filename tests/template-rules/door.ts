import { ofType, type Resources } from "./resources.ts";

/** Answers of the REST API's own that are AWS's, or that a deployment of it would be without. */
export const doorFindings = (resources: Resources): string[] => {
  const own = ofType(resources, "AWS::ApiGateway::GatewayResponse");
  const types = own.map(([, { Properties }]) => Properties?.ResponseType);
  return [
    ...ofType(resources, "AWS::ApiGateway::RestApi").flatMap(([name]) =>
      ["DEFAULT_4XX", "DEFAULT_5XX"]
        .filter((type) => !types.includes(type))
        .map((type) => `${name}: has no answer of its own for ${type}`),
    ),
    ...ofType(resources, "AWS::ApiGateway::Deployment").flatMap(([name, { DependsOn }]) =>
      own
        .filter(([response]) => ![DependsOn ?? []].flat().includes(response))
        .map(([response]) => `${name}: may be taken before ${response} is there`),
    ),
  ];
};
