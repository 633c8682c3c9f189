/** A length of time in one or two units, as one says it: `4 s`, `3 min 20 s`, `2 h`, `5 d 4 h`. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const [size, name, smaller, smallerName] = units.find(([one]) => whole >= one) ?? units[units.length - 1]!;
  const rest = Math.floor((whole % size) / smaller);
  const large = `${Math.floor(whole / size)} ${name}`;
  return rest === 0 || (name === "min" && whole >= 600) ? large : `${large} ${rest} ${smallerName}`;
};

const units: readonly (readonly [number, string, number, string])[] = [
  [86_400, "d", 3600, "h"],
  [3600, "h", 60, "min"],
  [60, "min", 1, "s"],
];

/** `15:04:05`, with the date in front when it is another day. */
export const clockTime = (at: number, now: number): string => {
  const time = new Date(at);
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(":");
  if (time.toDateString() === new Date(now).toDateString()) return clock;
  return `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())} ${clock}`;
};

const twoDigits = (number: number) => String(number).padStart(2, "0");

/** `12,345`: the same for every reader, so that pages can be compared. */
export const grouped = (number: number): string => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
