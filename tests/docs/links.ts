/** A link of a page: `place` a file or an address, empty for the page itself, and `anchor` a heading of it. */
export interface Link {
  readonly place: string;
  readonly anchor: string;
}

/** The links of a page, in brackets, by reference, in angles or in HTML. What stands in code is none. */
export const linksIn = (text: string): Link[] => {
  const prose = text.replaceAll(/^```.*?^```/gms, "").replaceAll(/`[^`\n]*`/g, "");
  const written = prose.matchAll(
    /\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*<?([^\s>]+)|<(https?:[^\s>]+)>|\b(?:href|src)="([^"]+)"/gm,
  );
  return [...written].map((match) => {
    const whole = match.slice(1).find((part) => part !== undefined) ?? "";
    const [place = "", anchor = ""] = whole.split("#");
    return isOutside(whole) ? { place: whole, anchor: "" } : { place, anchor };
  });
};

/** Has a scheme, hence leads out of the repository. */
export const isOutside = (place: string): boolean => /^[a-z][a-z+.-]*:/i.test(place);

/** The anchors that GitHub gives to a page's headings; the second of a name has `-1` behind it. */
export const anchorsOf = (text: string): Set<string> => {
  const seen = new Map<string, number>();
  const headings = text.replaceAll(/^```.*?^```/gms, "").matchAll(/^#{1,6} +(.+?)(?: +#+)?$/gm);
  return new Set(
    [...headings].map(([, heading = ""]) => {
      const slug = slugOf(heading);
      const before = seen.get(slug) ?? 0;
      seen.set(slug, before + 1);
      return before === 0 ? slug : `${slug}-${before}`;
    }),
  );
};

const slugOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
