// SPDX-License-Identifier: Apache-2.0
import { create } from "zustand";
import { persist } from "zustand/middleware";

export type Theme = "system" | "light" | "dark";
export type Locale = "en" | "ru";
/** How timestamps are shown: "3 min ago", in local time, or in UTC. */
export type TimeStyle = "relative" | "local" | "utc";

export interface Settings {
  theme: Theme;
  locale: Locale;
  timeStyle: TimeStyle;
  /** Times of day are shown with seconds everywhere. */
  seconds: boolean;
  /** No announcements to screen readers. */
  quiet: boolean;
  /** Single-letter shortcuts are on. */
  shortcuts: boolean;
}

interface Store extends Settings {
  change: (part: Partial<Settings>) => void;
}

export const locales: readonly Locale[] = ["en", "ru"];

/** What `index.html` chose before the first paint: the setting, or the browser's language. */
function firstLocale(): Locale {
  return locales.find((locale) => locale === document.documentElement.lang) ?? "en";
}

/** The user's settings, kept in the browser. `index.html` reads them as well. */
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
