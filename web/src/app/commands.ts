// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { CornerDownRight, Keyboard, Languages, type LucideIcon, Settings2, SunMoon } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useSettings } from "#/settings/settings";
import { switchTheme } from "#/settings/theme";
import { usePageKeys } from "#/ui/keys";
import { pageLinks } from "#/ui/pageLinks";
import { showDialog } from "./dialogs";

export interface Command {
  key: string;
  label: string;
  icon: LucideIcon;
  /** The shortcut: keys to press one after the other. */
  keys: readonly string[];
  run: () => void;
  /** Why it is disabled now. */
  disabledReason: string | null;
}

/** All commands: the pages, the shortcuts of the current page, and the global ones. */
export function useCommands(): Command[] {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const pageKeys = usePageKeys((store) => store.keys);
  const lettersAreText = usePageKeys((store) => store.lettersAreText);
  const shortcuts = useSettings((settings) => settings.shortcuts);
  const locale = useSettings((settings) => settings.locale);
  const keys = (...names: string[]) => (shortcuts && !lettersAreText ? names : []);
  const otherLocale = locale === "en" ? "ru" : "en";
  // Evaluated when the palette opens: it takes the focus, which some commands need to find their target.
  const [disabledReasons] = useState(
    () => new Map([...pageKeys].map(([code, { disabledReason }]) => [code, disabledReason?.() ?? null])),
  );
  const commands = [
    ...pageLinks.map(({ name, title, icon, to, key }) => ({
      key: name,
      label: i18n._(title),
      icon,
      keys: keys("g", key.slice(3).toLowerCase()),
      run: () => void navigate(to),
    })),
    ...[...pageKeys.values()].flatMap(({ code, label, keyLabel, run }) =>
      run ? [{ key: code, label, icon: CornerDownRight, keys: keys(keyLabel), run }] : [],
    ),
    { key: "theme", label: t`Light or dark`, icon: SunMoon, keys: keys("t"), run: switchTheme },
    {
      key: "language",
      label: otherLocale === "ru" ? "Русский" : "English",
      icon: Languages,
      keys: [],
      run: () => useSettings.getState().change({ locale: otherLocale }),
    },
    { key: "settings", label: t`Settings`, icon: Settings2, keys: [], run: () => showDialog("settings") },
    { key: "keys", label: t`Keyboard shortcuts`, icon: Keyboard, keys: keys("?"), run: () => showDialog("keys") },
  ];
  return commands.map((command) => ({ ...command, disabledReason: disabledReasons.get(command.key) ?? null }));
}
