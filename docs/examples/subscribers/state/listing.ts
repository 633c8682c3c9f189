import * as z from "zod";
import type { Told } from "./state.ts";

/** Every group at Rollcall's door, page after page (`GET /api/v1/groups`). Throws unless it has them all. */
export const readListing = async (given: {
  readonly doorUrl: URL;
  readonly token: string | undefined;
  readonly job?: string;
}): Promise<Told[]> => {
  const { doorUrl, token, job } = given;
  const listing: Told[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const url = new URL("api/v1/groups", doorUrl);
    if (job !== undefined) url.searchParams.set("job", job);
    if (cursor !== null) url.searchParams.set("cursor", cursor);
    const response = await fetch(url, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      redirect: "error",
      signal: AbortSignal.timeout(30_000),
    });
    if (response.status !== 200) throw new Error(`${url.pathname} answered ${response.status}`);
    const { data } = pageSchema.parse(await response.json());
    listing.push(...data.groups);
    if (data.cursor === null) return listing;
    cursor = data.cursor;
  }
  throw new Error(`more than ${mostPages} pages of groups`);
};

const mostPages = 10_000;

const labels = z.record(z.string(), z.string());
const count = z.number().int().nonnegative();

/** One source of one provider; an event's `data` has these fields, too. */
export const toldSchema = z.object({
  provider: z.string(),
  version: z.object({ epoch: count, sequence: count }),
  group: z.object({ source: z.string().min(1), labels, targets: z.array(labels) }),
});

const pageSchema = z.object({
  data: z.object({ groups: z.array(toldSchema), cursor: z.string().nullable() }),
});
