/** Reads a page as text, again and again, uncompressed, as Prometheus reads target lists; any status but 200 throws. */
export const fetchText = (url: string) => async (): Promise<string> => {
  const headers = { "Accept-Encoding": "identity" };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${text.slice(0, 200)}`);
  return text;
};
