// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Settings2 } from "lucide-react";
import { useEffect } from "react";
import { useSettings } from "#/settings/settings";
import { IconButton } from "#/ui/Button";
import { LanguageAndTheme } from "#/ui/LanguageAndTheme";
import { showDialog } from "./dialogs";

/** Language and theme, one button each; a third opens the other settings. */
export function Preferences() {
  const { t } = useLingui();
  const theme = useSettings((settings) => settings.theme);
  useEffect(() => {
    if (theme === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
  }, [theme]);
  return (
    <div className="flex items-center gap-0.5">
      <LanguageAndTheme />
      <IconButton label={t`Settings`} onClick={() => showDialog("settings")}>
        <Settings2 aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}
