import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { lockedPackages } from "./lock.ts";

/**
 * `npm run sbom`: what ships, as a CycloneDX 1.5 document on standard output: every production package of the lock with its
 * version, licence and hash. npm makes it; it is narrowed here, since `npm sbom --omit=dev` (npm 11.19) also leaves out
 * production packages that a development package happens to need, too, half of the AWS SDK among them.
 */
export const productionSbom = async (folder: string): Promise<string> => {
  const words = ["sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=application"];
  const { stdout } = await run("npm", words, { cwd: folder, maxBuffer: 64 * 1024 * 1024, timeout: 60_000 });
  const whole = bomSchema.parse(JSON.parse(stdout));
  const kept = new Set(
    lockedPackages(join(folder, "package-lock.json"))
      .filter(({ isDevelopment }) => !isDevelopment)
      .map(({ name, version }) => `${name}@${version}`),
  );
  const { component } = whole.metadata;
  const self = component["bom-ref"];
  const refs = new Set([self, ...kept]);
  const narrowed = {
    ...whole,
    // npm takes the folder's name; the reference has the package's own.
    metadata: { ...whole.metadata, component: { ...component, name: self.slice(0, self.lastIndexOf("@")) } },
    components: whole.components.filter((one) => kept.has(one["bom-ref"])),
    dependencies: whole.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) })),
  };
  return `${JSON.stringify(narrowed, null, 2)}\n`;
};

const run = promisify(execFile);

const bomSchema = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ "bom-ref": z.string() }) }),
  components: z.array(z.looseObject({ "bom-ref": z.string() })).min(1),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).default([]) })),
});

if (import.meta.main) process.stdout.write(await productionSbom(resolve(import.meta.dirname, "../..")));
