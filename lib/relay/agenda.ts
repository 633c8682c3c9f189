/** When which provider is to be looked at. Times are Unix milliseconds. */
export interface Agenda {
  /** Look at the provider again, then or before. */
  put(provider: string, at: number): void;
  /** Which providers a look is due for; takes them off the agenda. */
  take(now: number): string[];
  /** Infinity when nothing is due. */
  nextAt(): number;
  /** These are about to be looked at anyway. */
  covered(providers: readonly string[]): void;
}

export const createAgenda = (): Agenda => {
  const looks = new Map<string, number>();
  const covered = (providers: readonly string[]) => {
    for (const provider of providers) looks.delete(provider);
  };
  return {
    put: (provider, at) => {
      looks.set(provider, Math.min(at, looks.get(provider) ?? at));
    },
    take: (now) => {
      const due = [...looks].filter(([, at]) => at <= now).map(([provider]) => provider);
      covered(due);
      return due;
    },
    nextAt: () => Math.min(...looks.values()),
    covered,
  };
};
