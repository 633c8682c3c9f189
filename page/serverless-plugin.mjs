/** Bundles the page before anything is packed, so that `serverless deploy` by itself never ships without it. */
export default class PagePlugin {
  constructor() {
    const build = async () => {
      const { buildPage } = await import("./build.ts");
      await buildPage();
    };
    this.hooks = {
      "before:package:createDeploymentArtifacts": build,
      "before:deploy:function:packageFunction": build,
    };
  }
}
