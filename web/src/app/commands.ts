// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { CornerDownRight, Keyboard, Languages, type LucideIcon, Settings2, SunMoon } from "lucide-react";
import { useNavigate } from "react-router";
import { useSettings } from "#/settings/settings";
import { switchTheme } from "#/settings/theme";
import { usePageKeys } from "#/ui/keys";
import { places } from "#/ui/places";
import { showDialog } from "./dialogs";

export interface Command {
  key: string;
  what: string;
  icon: LucideIcon;
  /** What does the same, one after the other. */
  keys: readonly string[];
  run: () => void;
}

/** What can be done from here: the pages, what the shown one has keys for, and what works everywhere. */
export function useCommands(): Command[] {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const pageKeys = usePageKeys((store) => store.keys);
  const lettersAreText = usePageKeys((store) => store.lettersAreText);
  const shortcuts = useSettings((settings) => settings.shortcuts);
  const locale = useSettings((settings) => settings.locale);
  const keys = (...names: string[]) => (shortcuts && !lettersAreText ? names : []);
  const other = locale === "en" ? "ru" : "en";
  return [
    ...places.map(({ name, title, icon, to, key }) => ({
      key: name,
      what: i18n._(title),
      icon,
      keys: keys("g", key.slice(3).toLowerCase()),
      run: () => void navigate(to),
    })),
    ...[...pageKeys.values()].flatMap(({ code, what, shown, act }) =>
      act ? [{ key: code, what, icon: CornerDownRight, keys: keys(shown), run: act }] : [],
    ),
    { key: "theme", what: t`Light or dark`, icon: SunMoon, keys: keys("t"), run: switchTheme },
    {
      key: "language",
      what: other === "ru" ? "Русский" : "English",
      icon: Languages,
      keys: [],
      run: () => useSettings.getState().change({ locale: other }),
    },
    { key: "settings", what: t`Settings`, icon: Settings2, keys: [], run: () => showDialog("settings") },
    { key: "keys", what: t`Keyboard shortcuts`, icon: Keyboard, keys: keys("?"), run: () => showDialog("keys") },
  ];
}
