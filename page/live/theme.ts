export type Theme = "system" | "light" | "dark";

const key = "rollcall-theme";

/** What the person chose last; without a choice the page follows the system. */
export const storedTheme = (): Theme => {
  const stored = attempt(() => localStorage.getItem(key));
  return stored === "light" || stored === "dark" ? stored : "system";
};

export const showTheme = (theme: Theme): void => {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  attempt(() => localStorage.setItem(key, theme));
};

/** A browser that keeps nothing throws; the choice then lasts as long as the page. */
const attempt = <Result>(work: () => Result): Result | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};
