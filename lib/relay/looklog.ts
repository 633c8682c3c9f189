import type { Fields, Log } from "../log.ts";

/** A relay may look every second: only what a provider had not said the last time is worth a line. */
export const createLookLog = (log: Log): Log => {
  const last = new Map<unknown, string>();
  const isNews = (line: string, { provider }: Fields) => {
    const before = last.get(provider);
    last.set(provider, line);
    return before !== line;
  };
  return {
    debug: log.debug,
    info: (message, fields = {}) => {
      last.delete(fields.provider);
      if (message === "looked") log.debug(message, fields);
      else log.info(message, fields);
    },
    warn: (message, fields = {}) => {
      if (isNews(JSON.stringify([message, fields.error]), fields)) log.warn(message, fields);
      else log.debug(message, fields);
    },
    error: log.error,
    trail: log.trail,
  };
};
