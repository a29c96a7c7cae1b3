// Five fields of a schedule in words, and the next moments in UTC. A day must fit the day of the month and of the week,
// as the service reads it. Pure; what the host runs by is read in Rust.

export interface Cron {
  minutes: number[];
  hours: number[];
  days: number[];
  months: number[];
  weekdays: number[];
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const FIELDS: readonly { low: number; high: number; names?: readonly string[] }[] = [{ low: 0, high: 59 }, { low: 0, high: 23 }, { low: 1, high: 31 }, { low: 1, high: 12, names: MONTHS }, { low: 0, high: 6, names: WEEKDAYS }];

function valueOf(text: string, field: { low: number; high: number; names?: readonly string[] }): number | undefined {
  if (/^\d+$/.test(text)) {
    const value = Number(text);
    return value >= field.low && value <= field.high ? value : undefined;
  }
  const at = field.names?.findIndex((name) => name.slice(0, 3).toLowerCase() === text.toLowerCase() || name.toLowerCase() === text.toLowerCase()) ?? -1;
  return at < 0 ? undefined : at + field.low;
}

function fieldOf(text: string, field: { low: number; high: number; names?: readonly string[] }): number[] | undefined {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step, ...more] = part.split("/");
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return undefined;
    const [first = "", last, ...rest] = range.split("-");
    const isAll = range === "*";
    const from = isAll ? field.low : valueOf(first, field);
    const to = isAll ? field.high : last !== undefined ? valueOf(last, field) : step !== undefined ? field.high : from;
    if (rest.length > 0 || from === undefined || to === undefined || from > to) return undefined;
    for (let value = from; value <= to; value += Number(step ?? 1)) found.add(value);
  }
  return [...found].toSorted((a, b) => a - b);
}

/** The five fields; undefined when they cannot be read. */
export function readCron(text: string): Cron | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== 5) return undefined;
  const [minutes, hours, days, months, weekdays] = parts.map((part, at) => fieldOf(part, FIELDS[at] ?? { low: 0, high: 0 }));
  if (minutes === undefined || hours === undefined || days === undefined || months === undefined || weekdays === undefined) return undefined;
  return { minutes, hours, days, months, weekdays };
}

const two = (value: number): string => String(value).padStart(2, "0");
const listed = (words: readonly string[]): string => (words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`);

/** Neighbours as a range: `Monday to Friday`. */
function named(values: readonly number[], word: (value: number) => string): string {
  const [first, last] = [values[0], values.at(-1)];
  if (first !== undefined && last !== undefined && values.length > 2 && last - first === values.length - 1) return `${word(first)} to ${word(last)}`;
  return listed(values.map(word));
}

function timesOf({ minutes, hours }: Cron): string {
  const isEvenly = (values: readonly number[], count: number): number | undefined => {
    const step = (values[1] ?? 0) - (values[0] ?? 0);
    return values[0] === 0 && step > 0 && values.length === Math.ceil(count / step) && values.every((value, at) => value === at * step) ? step : undefined;
  };
  if (hours.length * minutes.length <= 6) return `at ${listed(hours.flatMap((hour) => minutes.map((minute) => `${two(hour)}:${two(minute)}`)))}`;
  const every = isEvenly(minutes, 60);
  const minute = every === 1 ? "every minute" : every !== undefined ? `every ${every} minutes` : `at minute ${listed(minutes.map(String))}`;
  if (hours.length === 24) return every === undefined ? `${minute} of every hour` : minute;
  const step = isEvenly(hours, 24);
  return step !== undefined ? `${minute}, every ${step} hours` : `${minute} of hour ${named(hours, String)}`;
}

/** A sentence for a schedule, such as `at 03:00 on Monday to Friday (UTC)`. */
export function cronInWords(text: string): string | undefined {
  const cron = readCron(text);
  if (cron === undefined) return undefined;
  const parts = [timesOf(cron)];
  if (cron.weekdays.length < 7) parts.push(`on ${named(cron.weekdays, (day) => WEEKDAYS[day] ?? "")}`);
  if (cron.days.length < 31) parts.push(`on day ${named(cron.days, String)} of the month`);
  if (cron.weekdays.length === 7 && cron.days.length === 31) parts.push("every day");
  if (cron.months.length < 12) parts.push(`in ${named(cron.months, (month) => MONTHS[month - 1] ?? "")}`);
  return `${parts.join(" ")} (UTC)`;
}

const DAY_MS = 86_400_000;
/** Leap days come within eight years; what does not come by then never does. */
const MOST_DAYS = 366 * 9;

/** The next moments after a moment. */
export function nextTimes(text: string, after: number, count: number): number[] {
  const cron = readCron(text);
  if (cron === undefined) return [];
  const found: number[] = [];
  const start = Math.floor(after / DAY_MS) * DAY_MS;
  for (let at = 0; at < MOST_DAYS && found.length < count; at += 1) {
    const midnight = start + at * DAY_MS;
    const day = new Date(midnight);
    if (!cron.days.includes(day.getUTCDate()) || !cron.months.includes(day.getUTCMonth() + 1) || !cron.weekdays.includes(day.getUTCDay())) continue;
    for (const hour of cron.hours) for (const minute of cron.minutes) {
      const moment = midnight + (hour * 60 + minute) * 60_000;
      if (moment > after && found.length < count) found.push(moment);
    }
  }
  return found;
}

/** `Mon 30 Nov 2026, 03:00 UTC`. */
export function utc(at: number): string {
  const day = new Date(at);
  return `${(WEEKDAYS[day.getUTCDay()] ?? "").slice(0, 3)} ${day.getUTCDate()} ${(MONTHS[day.getUTCMonth()] ?? "").slice(0, 3)} ${day.getUTCFullYear()}, ${two(day.getUTCHours())}:${two(day.getUTCMinutes())} UTC`;
}
