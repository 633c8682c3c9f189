/**
 * Refuses a bad `--param` before anything is packed, with every fault at once: CloudFormation would tell minutes later, or never.
 * And has the API deployed after its own answers are there: a deployment is a picture of the API, and one taken earlier is without them.
 */
export default class RollcallPlugin {
  constructor(serverless) {
    this.hooks = {
      "after:aws:package:finalize:mergeCustomProviderResources": () => {
        const { Resources } = serverless.service.provider.compiledCloudFormationTemplate;
        const named = (type) => Object.keys(Resources).filter((name) => Resources[name].Type === type);
        for (const name of named("AWS::ApiGateway::Deployment")) {
          const before = [Resources[name].DependsOn ?? []].flat();
          Resources[name].DependsOn = [...before, ...named("AWS::ApiGateway::GatewayResponse")];
        }
      },
      "before:package:initialize": async () => {
        const { parameterFaults } = await import("./parameters.ts");
        const { params } = serverless.configurationInput;
        const stage = serverless.getProvider("aws").getStage();
        const given = (serverless.processedInput.options.param ?? []).map((text) => {
          const at = text.indexOf("=");
          return [text.slice(0, at), text.slice(at + 1).trimEnd()];
        });
        const faults = parameterFaults(params.default, { ...params[stage], ...Object.fromEntries(given) });
        if (faults.length > 0) throw new serverless.classes.Error(`parameters: ${faults.join("; ")}`);
      },
    };
  }
}
