import { useEffect, useState } from "preact/hooks";

/** Whether the server answers. One for the whole page, fed by every question asked. */
export interface Connection {
  readonly state: "opening" | "live" | "lost";
  /** When it last answered, Unix milliseconds. */
  readonly at: number;
  readonly error: string;
}

let current: Connection = { state: "opening", at: 0, error: "" };
const listeners = new Set<(connection: Connection) => void>();

export const reportAnswer = (): void => report({ state: "live", at: Date.now(), error: "" });

export const reportSilence = (error: string): void => report({ ...current, state: "lost", error });

const report = (connection: Connection) => {
  current = connection;
  for (const listener of listeners) listener(current);
};

export const useConnection = (): Connection => {
  const [connection, setConnection] = useState(current);
  useEffect(() => {
    setConnection(current);
    listeners.add(setConnection);
    return () => void listeners.delete(setConnection);
  }, []);
  return connection;
};
