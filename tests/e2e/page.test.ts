/** The page in a real Chromium: over the program's own demo, and over made-up fleets for what a demo shows only by luck. */
import { buildPage } from "../../page/build.ts";

await buildPage();
await import("./page/large.ts");
await import("./page/use.ts");
await import("./page/metrics.ts");
await import("./page/demo.ts");
