import { describe, expect, it } from "vitest";
import { cronInWords, nextTimes, readCron, utc } from "./cron";

const MONDAY = Date.UTC(2026, 10, 30, 16, 0);

describe("a schedule", () => {
  it.each([
    ["0 3 * * *", "at 03:00 every day (UTC)"],
    ["0 3 * * Mon-Fri", "at 03:00 on Monday to Friday (UTC)"],
    ["30 6,18 * * 0", "at 06:30 and 18:30 on Sunday (UTC)"],
    ["*/15 * * * *", "every 15 minutes every day (UTC)"],
    ["0 * * * *", "at minute 0 of every hour every day (UTC)"],
    ["0 0 1 1,7 *", "at 00:00 on day 1 of the month in January and July (UTC)"],
    ["0 */2 * * *", "at minute 0, every 2 hours every day (UTC)"],
  ])("%s is said in words", (cron, words) => {
    expect(cronInWords(cron)).toBe(words);
  });

  it.each(["", "0 3 * *", "60 3 * * *", "0 3 * * Someday", "0 5-3 * * *", "*/0 * * * *", "0 3 * * 8"])("%s cannot be read", (cron) => {
    expect(readCron(cron)).toBeUndefined();
    expect(nextTimes(cron, MONDAY, 3)).toEqual([]);
  });

  it("says when it comes next, not counting now", () => {
    expect(nextTimes("0 16 * * *", MONDAY, 2).map(utc)).toEqual(["Tue 1 Dec 2026, 16:00 UTC", "Wed 2 Dec 2026, 16:00 UTC"]);
    expect(nextTimes("0 0 1 * Fri", MONDAY, 1).map(utc), "day and weekday must both fit").toEqual(["Fri 1 Jan 2027, 00:00 UTC"]);
    expect(nextTimes("0 12 29 2 *", MONDAY, 1).map(utc), "a leap day").toEqual(["Tue 29 Feb 2028, 12:00 UTC"]);
    expect(nextTimes("0 12 31 2 *", MONDAY, 1), "a day that never comes").toEqual([]);
  });
});
