import { useEffect, useState } from "preact/hooks";
import { formatPlace, type Place, parsePlace } from "../pure/route.ts";

/** The place in the address bar. */
export const usePlace = (): Place => {
  const [place, setPlace] = useState(() => parsePlace(location.hash));
  useEffect(() => {
    const follow = () => setPlace(parsePlace(location.hash));
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return place;
};

/** Goes there by way of the history, so that the browser's Back leads back. */
export const goTo = (place: Place): void => {
  location.hash = formatPlace(place);
};

/** Changes what the address says without a step in the history: for what is typed, letter by letter. */
export const refine = (place: Place): void => {
  history.replaceState(null, "", formatPlace(place));
  dispatchEvent(new HashChangeEvent("hashchange"));
};
