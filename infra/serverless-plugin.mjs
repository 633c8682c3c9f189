/** Refuses a bad `--param` before anything is packed, with every fault at once: CloudFormation would tell minutes later, or never. */
export default class ParametersPlugin {
  constructor(serverless) {
    this.hooks = {
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
