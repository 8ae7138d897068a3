// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useId } from "react";
import { type Settings, useSettings } from "#/settings/settings";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";

/** The user's settings; each change applies at once and is kept in this browser. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Dialog title={t`Settings`} onClose={onClose}>
      <div className="flex flex-col gap-5">
        <Choice
          name="locale"
          legend={t`Language`}
          options={[
            ["en", "English"],
            ["ru", "Русский"],
          ]}
        />
        <Choice
          name="theme"
          legend={t`Theme`}
          options={[
            ["system", t`Same as the system`],
            ["light", t`Light`],
            ["dark", t`Dark`],
          ]}
        />
        <Choice
          name="timeStyle"
          legend={t`Times`}
          options={[
            ["relative", t`How long ago`],
            ["local", t`Date and time`],
            ["utc", t`UTC`],
          ]}
        />
        <div className="flex flex-col gap-2">
          <Switch name="seconds">
            <Trans>Show seconds</Trans>
          </Switch>
          <Switch name="shortcuts">
            <Trans>Single-letter shortcuts</Trans>
          </Switch>
          <Switch name="quiet">
            <Trans>Quiet: no automatic screen reader announcements</Trans>
          </Switch>
        </div>
        <div className="flex justify-end">
          <Button kind="primary" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

interface ChoiceProps<Name extends keyof Settings> {
  name: Name;
  legend: string;
  options: readonly (readonly [Settings[Name], string])[];
}

function Choice<Name extends "locale" | "theme" | "timeStyle">({ name, legend, options }: ChoiceProps<Name>) {
  const chosen = useSettings((settings) => settings[name]);
  const id = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-xs font-medium text-soft">{legend}</legend>
      <div className="flex flex-wrap gap-1 rounded-control border border-line bg-sunken p-1">
        {options.map(([value, label]) => (
          <label
            key={value}
            className="flex min-h-8 flex-1 cursor-pointer items-center justify-center rounded-control border border-transparent px-3 text-sm whitespace-nowrap text-soft has-checked:border-line has-checked:bg-surface has-checked:font-medium has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:min-h-11"
          >
            <input
              type="radio"
              name={id}
              className="sr-only"
              checked={chosen === value}
              onChange={() => useSettings.getState().change({ [name]: value })}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Switch({ name, children }: { name: "seconds" | "quiet" | "shortcuts"; children: ReactNode }) {
  const checked = useSettings((settings) => settings[name]);
  return (
    <label className="flex min-h-6 items-center gap-2.5 text-sm pointer-coarse:min-h-11">
      <input
        type="checkbox"
        className="size-4"
        checked={checked}
        onChange={(event) => useSettings.getState().change({ [name]: event.target.checked })}
      />
      {children}
    </label>
  );
}
