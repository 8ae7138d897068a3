// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { useLingui } from "@lingui/react";
import { type TimeStyle, useSettings } from "#/settings/settings";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** The formatters of one language; `Intl` objects are expensive, so each is made once, when it is first needed. */
export class Formats {
  private readonly made = new Map<string, unknown>();

  constructor(
    readonly locale: string,
    readonly style: TimeStyle,
    private readonly seconds = false,
  ) {}

  get compact(): Intl.NumberFormat {
    const options = { notation: "compact", maximumFractionDigits: 1 } as const;
    return this.once("compact", () => new Intl.NumberFormat(this.locale, options));
  }
  get collator(): Intl.Collator {
    return this.once("collator", () => new Intl.Collator(this.locale, { numeric: true, sensitivity: "base" }));
  }

  /** A whole number: 7, 10,000. Most are small, and the first `Intl` object of a page takes a browser tens of milliseconds. */
  count(value: number): string {
    return value >= 0 && value < 1000
      ? String(value)
      : this.once("count", () => new Intl.NumberFormat(this.locale)).format(value);
  }
  /** 18:50:01 */
  clock(at: number): string {
    return this.date(at, { ...this.hours, minute: "2-digit", second: "2-digit" });
  }
  /** 18:50, or with seconds, by the setting. */
  clockShort(at: number): string {
    return this.seconds ? this.clock(at) : this.date(at, { ...this.hours, minute: "2-digit" });
  }
  /** The day: today, yesterday, 20 March 2019. */
  day(at: number, now: number): string {
    const days = Math.round((this.startOfDay(at) - this.startOfDay(now)) / day);
    if (days === 0 || days === -1) {
      const words = this.ago("long").format(days, "day");
      return words.charAt(0).toLocaleUpperCase(this.locale) + words.slice(1);
    }
    return this.date(at, { day: "numeric", month: "long", year: "numeric" });
  }
  /** Date and time to the second; in Russian the time comes first: 23:04:10 20.03.2019. */
  full(at: number): string {
    if (this.locale === "ru") {
      const date = this.date(at, { day: "2-digit", month: "2-digit", year: "numeric" });
      return `${this.clock(at)} ${date}`;
    }
    return this.date(at, { dateStyle: "medium", timeStyle: "medium", ...this.cycle });
  }
  /** The stamp over a message: 23:04 20.03.2019. */
  stamp(at: number): string {
    return `${this.clockShort(at)} ${this.date(at, { day: "2-digit", month: "2-digit", year: "numeric" })}`;
  }
  /** For a tooltip: everything, with the zone. */
  exact(at: number): string {
    return this.date(at, { dateStyle: "full", timeStyle: "long", ...this.cycle });
  }
  /** "3 min ago" for an hour, then the clock, then the date; never "in 2 seconds". */
  relative(at: number, now: number): string {
    const age = Math.max(0, now - at);
    if (age < minute) {
      return this.ago("short").format(-Math.floor(age / 1000), "second");
    }
    if (age < hour) {
      return this.ago("short").format(-Math.floor(age / minute), "minute");
    }
    return this.startOfDay(at) === this.startOfDay(now) ? this.clockShort(at) : this.full(at);
  }
  /** By the setting. */
  time(at: number, now: number): string {
    return this.style === "relative" ? this.relative(at, now) : this.full(at);
  }
  /** 0.4 s, 12 s, 3 min 20 s */
  duration(ms: number): string {
    const seconds = ms / 1000;
    return this.length(seconds, seconds < 10 || !Number.isInteger(seconds) ? 1 : 0);
  }
  /** The same in whole seconds, for a running duration that is updated every second. */
  durationSoFar(ms: number): string {
    return this.length(Math.floor(ms / 1000), 0);
  }

  private length(seconds: number, digits: 0 | 1): string {
    if (seconds < 60) {
      return this.unit(seconds, "second", digits);
    }
    if (seconds < 3600) {
      return `${this.unit(Math.floor(seconds / 60), "minute")} ${this.unit(Math.floor(seconds % 60), "second")}`;
    }
    return `${this.unit(Math.floor(seconds / 3600), "hour")} ${this.unit(Math.floor((seconds % 3600) / 60), "minute")}`;
  }
  private unit(value: number, name: "second" | "minute" | "hour", digits = 0): string {
    const options = {
      style: "unit",
      unit: name,
      unitDisplay: "short",
      maximumFractionDigits: digits,
      minimumFractionDigits: digits,
    } as const;
    const format = this.once(`${name} ${digits}`, () => new Intl.NumberFormat(this.locale, options));
    // The unit's symbol, which Russian writes already; English would say "sec".
    return format.format(value).replace(/ secs?$/, " s");
  }

  private get cycle(): Intl.DateTimeFormatOptions {
    return this.once("cycle", () => (this.locale === "en" && hasTwelveHours() ? { hour12: true } : {}));
  }
  private get hours(): Intl.DateTimeFormatOptions {
    const { cycle } = this;
    return { hour: cycle.hour12 ? "numeric" : "2-digit", ...cycle };
  }
  private startOfDay(at: number): number {
    return this.style === "utc" ? new Date(at).setUTCHours(0, 0, 0, 0) : new Date(at).setHours(0, 0, 0, 0);
  }
  private ago(style: "long" | "short"): Intl.RelativeTimeFormat {
    return this.once(`ago ${style}`, () => new Intl.RelativeTimeFormat(this.locale, { numeric: "auto", style }));
  }
  private date(at: number, options: Intl.DateTimeFormatOptions): string {
    const zone = this.style === "utc" ? { timeZone: "UTC" } : {};
    // British English: day before month, and 24 hours unless the browser's region counts twelve.
    const locale = this.locale === "en" ? "en-GB" : this.locale;
    return this.once(JSON.stringify(options), () => new Intl.DateTimeFormat(locale, { ...options, ...zone })).format(
      at,
    );
  }
  private once<Format>(name: string, make: () => Format): Format {
    const format = (this.made.get(name) as Format | undefined) ?? make();
    this.made.set(name, format);
    return format;
  }
}

function hasTwelveHours(): boolean {
  return new Intl.DateTimeFormat(navigator.language, { hour: "numeric" }).resolvedOptions().hour12 === true;
}

const made = new Map<string, Formats>();

export function formats(
  locale: string = i18n.locale,
  style: TimeStyle = useSettings.getState().timeStyle,
  seconds: boolean = useSettings.getState().seconds,
): Formats {
  const key = `${locale} ${style} ${seconds}`;
  const found = made.get(key) ?? new Formats(locale, style, seconds);
  made.set(key, found);
  return found;
}

/** The formatters of the active language; a component that uses them is rendered again when it changes. */
export function useFormats(): Formats {
  const { i18n: shown } = useLingui();
  const style = useSettings((settings) => settings.timeStyle);
  const seconds = useSettings((settings) => settings.seconds);
  return formats(shown.locale, style, seconds);
}
