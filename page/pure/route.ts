/** What the address says to show. Everything shareable is in it; it stands behind the `#`, which never reaches a server. */
export interface Place {
  readonly view: View;
  /** The job of the target table; empty elsewhere, or for the first one. */
  readonly job: string;
  /** Filters and what is open; empty ones are left out. */
  readonly asked: Readonly<Record<string, string>>;
}

export const views = ["overview", "targets", "explain", "changes", "metrics"] as const;
export type View = (typeof views)[number];

/** `#/targets/a%2Fb?q=…`; what cannot be read is the overview. */
export const parsePlace = (hash: string): Place => {
  const [path = "", query = ""] = split(hash.replace(/^#\/?/, ""));
  const [first = "", ...rest] = path.split("/");
  const view = views.find((one) => one === first) ?? "overview";
  return { view, job: decoded(rest.join("/")), asked: Object.fromEntries(new URLSearchParams(query)) };
};

export const formatPlace = ({ view, job, asked }: Place): string => {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ""));
  const path = view === "overview" ? "" : job === "" ? view : `${view}/${encodeURIComponent(job)}`;
  return `#/${path}${query.size === 0 ? "" : `?${query}`}`;
};

const split = (text: string) => {
  const at = text.indexOf("?");
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A lone per cent sign, typed by hand: it can only be meant as it stands.
    if (error instanceof URIError) return text;
    throw error;
  }
};
