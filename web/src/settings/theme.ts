// SPDX-License-Identifier: Apache-2.0
import { type Theme, useSettings } from "./settings";

/** Whether the portal is dark now. */
export function isDark(theme: Theme): boolean {
  return theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** From dark to light or back; what the system has is then left alone. */
export function switchTheme(): void {
  const { theme, change } = useSettings.getState();
  change({ theme: isDark(theme) ? "light" : "dark" });
}
