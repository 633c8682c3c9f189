/** A moment as Prometheus's API takes it, RFC 3339 or Unix seconds, in Unix milliseconds. Undefined for anything else. */
export const momentIn = (text: string): number | undefined => {
  const milliseconds = /^\d{1,11}(\.\d{1,9})?$/.test(text) ? Math.round(Number(text) * 1_000) : dateIn(text);
  return milliseconds !== undefined && milliseconds >= 0 && milliseconds <= latest ? milliseconds : undefined;
};

/** What to say to somebody who wrote a moment otherwise. */
export const momentForms = "a time as RFC 3339 (2026-11-23T04:00:00Z) or in Unix seconds (1795406400)";

const latest = Date.UTC(10_000, 0) - 1;

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

const dateIn = (text: string): number | undefined => {
  const [, year, month, day] = (rfc3339.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  // The engine takes the 30th of February for the 2nd of March.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
};
