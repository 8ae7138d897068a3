// SPDX-License-Identifier: Apache-2.0
import { type Theme, useSettings } from "./settings";

/** Whether the dark theme is shown. */
export function isDark(theme: Theme): boolean {
  return theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** From dark to light or back; the system's theme is ignored from then on. */
export function switchTheme(): void {
  const { theme, change } = useSettings.getState();
  change({ theme: isDark(theme) ? "light" : "dark" });
}
