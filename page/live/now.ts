import { useEffect, useState } from "preact/hooks";

/** Unix milliseconds, anew each second while the page is seen. */
export const useNow = (): number => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
};
