import { writeFile } from "node:fs/promises";
import { openApiDocument } from "./document.ts";

/** `npm run schemas` writes the committed document anew; tests/functions/openapidocument.test.ts holds it to the code. */
await writeFile(new URL("openapi.json", import.meta.url), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
