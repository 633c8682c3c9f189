import { useState } from "preact/hooks";
import { showTheme, storedTheme, type Theme } from "../live/theme.ts";

/** Goes from what the system wants to light, to dark, and back. */
export const ThemeButton = () => {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  const change = () => {
    const next = following[theme];
    showTheme(next);
    setTheme(next);
  };
  return (
    <button type="button" class="quiet theme" onClick={change} title={`Colours: ${names[theme]}`}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" class="theme-ring" />
        <path d={halves[theme]} class="theme-half" />
      </svg>
      <span class="visually-hidden">Colours: {names[theme]}</span>
    </button>
  );
};

const following: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const names: Readonly<Record<Theme, string>> = { system: "as the system", light: "light", dark: "dark" };
const halves: Readonly<Record<Theme, string>> = {
  system: "M8 2a6 6 0 0 1 0 12z",
  light: "",
  dark: "M8 2a6 6 0 0 1 0 12a6 6 0 0 1 0-12z",
};
