/**
 * Calls `work` again and again, a pause after each end, only while the page is seen: one that comes back to view works at
 * once. `work` says how long to wait, in milliseconds. Returns what ends it.
 */
export const keepPace = (work: (signal: AbortSignal) => Promise<number>): (() => void) => {
  const ended = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWorking = false;
  const turn = async () => {
    if (isWorking || ended.signal.aborted || document.hidden) return;
    isWorking = true;
    clearTimeout(timer);
    try {
      const pause = await work(ended.signal);
      timer = setTimeout(turn, pause);
    } catch (error) {
      // Whoever ended it wants to hear no more.
      if (!ended.signal.aborted) throw error;
    } finally {
      isWorking = false;
    }
  };
  document.addEventListener("visibilitychange", turn);
  void turn();
  return () => {
    ended.abort();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", turn);
  };
};

/** Between two questions while the server answers, and while it does not. Milliseconds. */
export const usualPause = 4000;
export const retryPause = 1500;
