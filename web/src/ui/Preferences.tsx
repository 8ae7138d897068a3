// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Languages, Moon, Settings2, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { useSettings } from "#/settings/settings";
import { isDark, switchTheme } from "#/settings/theme";
import { IconButton } from "./Button";
import { SettingsDialog } from "./SettingsDialog";

/** Language and theme, one button each; the rest behind a third. */
export function Preferences() {
  const { t } = useLingui();
  const { theme, locale, change } = useSettings();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (theme === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
  }, [theme]);
  const dark = isDark(theme);
  return (
    <div className="flex items-center gap-0.5">
      <button
        type="button"
        lang={locale === "en" ? "ru" : "en"}
        onClick={() => change({ locale: locale === "en" ? "ru" : "en" })}
        className="inline-flex h-9 min-w-9 items-center justify-center gap-2 rounded-control px-2 text-xs text-soft hover:bg-hover hover:text-ink md:mr-auto pointer-coarse:h-11 pointer-coarse:min-w-11"
      >
        <Languages aria-hidden className="size-4 shrink-0" />
        <span className="max-md:sr-only">{locale === "en" ? "Русский" : "English"}</span>
      </button>
      <IconButton label={dark ? t`Light theme` : t`Dark theme`} onClick={switchTheme}>
        {dark ? <Sun aria-hidden className="size-4" /> : <Moon aria-hidden className="size-4" />}
      </IconButton>
      <IconButton label={t`Settings`} onClick={() => setOpen(true)}>
        <Settings2 aria-hidden className="size-4" />
      </IconButton>
      {open && <SettingsDialog onClose={() => setOpen(false)} />}
    </div>
  );
}
