// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Languages, Moon, Sun } from "lucide-react";
import { useSettings } from "#/settings/settings";
import { isDark, switchTheme } from "#/settings/theme";
import { IconButton } from "./Button";

/** One button each; also in dialogs that make the rest of the portal inert. */
export function LanguageAndTheme() {
  const { t } = useLingui();
  const { theme, locale, change } = useSettings();
  const dark = isDark(theme);
  return (
    <>
      <button
        type="button"
        lang={locale === "en" ? "ru" : "en"}
        onClick={() => change({ locale: locale === "en" ? "ru" : "en" })}
        className="inline-flex h-9 min-w-9 items-center justify-center gap-2 rounded-control px-2 text-xs text-soft hover:bg-hover hover:text-ink md:mr-auto pointer-coarse:h-11 pointer-coarse:min-w-11"
      >
        <Languages aria-hidden className="size-4 shrink-0" />
        {/* Not worth fetching the letters of another language for. */}
        <span className="font-[system-ui] max-md:sr-only">{locale === "en" ? "Русский" : "English"}</span>
      </button>
      <IconButton label={dark ? t`Light theme` : t`Dark theme`} onClick={switchTheme}>
        {dark ? <Sun aria-hidden className="size-4" /> : <Moon aria-hidden className="size-4" />}
      </IconButton>
    </>
  );
}
