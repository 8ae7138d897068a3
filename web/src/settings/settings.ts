// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { persist } from "zustand/middleware";

export type Theme = "system" | "light" | "dark";
export type Locale = "en" | "ru";
/** How points in time are shown: "3 min ago", on this machine's clock, or in UTC. */
export type TimeStyle = "relative" | "local" | "utc";

export interface Settings {
  theme: Theme;
  locale: Locale;
  timeStyle: TimeStyle;
  /** Clocks show them also where the minute would do. */
  seconds: boolean;
  /** Nothing is read out by a screen reader unless it is asked for. */
  quiet: boolean;
  /** Keys of a single letter do something. */
  shortcuts: boolean;
}

interface Store extends Settings {
  change: (part: Partial<Settings>) => void;
}

export const locales: readonly Locale[] = ["en", "ru"];

/** What `index.html` has found out before the first paint: chosen here, or the browser's. */
function firstLocale(): Locale {
  return locales.find((locale) => locale === document.documentElement.lang) ?? "en";
}

/** What this person chose, kept in the browser. `index.html` reads it as well. */
export const useSettings = create<Store>()(
  persist(
    (set) => ({
      theme: "system",
      locale: firstLocale(),
      timeStyle: "relative",
      seconds: false,
      quiet: false,
      shortcuts: true,
      change: (part) => set(part),
    }),
    { name: "howl.settings", version: 1 },
  ),
);
