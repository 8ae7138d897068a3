// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Languages, Monitor, Moon, Sun } from "lucide-react";
import { useEffect } from "react";
import { type Theme, useSettings } from "#/settings/settings";
import { IconButton } from "./Button";

const icons = { system: Monitor, light: Sun, dark: Moon };
const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

/** Language and theme, one button each. */
export function Preferences() {
  const { t } = useLingui();
  const { theme, locale, change } = useSettings();
  useEffect(() => {
    if (theme === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
  }, [theme]);
  const Icon = icons[theme];
  const themes = { system: t`Theme: as the system`, light: t`Theme: light`, dark: t`Theme: dark` };
  return (
    <div className="flex items-center gap-1">
      <button
        type="button"
        lang={locale === "en" ? "ru" : "en"}
        onClick={() => change({ locale: locale === "en" ? "ru" : "en" })}
        className="inline-flex h-9 items-center gap-2 rounded-control px-2.5 text-xs text-soft hover:bg-hover hover:text-ink pointer-coarse:h-11"
      >
        <Languages aria-hidden className="size-4" />
        <span className="max-md:sr-only">{locale === "en" ? "Русский" : "English"}</span>
      </button>
      <IconButton label={themes[theme]} onClick={() => change({ theme: next[theme] })}>
        <Icon aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
