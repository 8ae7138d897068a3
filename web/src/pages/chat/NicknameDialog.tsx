// SPDX-License-Identifier: Apache-2.0

import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useConnections } from "#/live/connections";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { LanguageAndTheme } from "#/ui/LanguageAndTheme";
import { places } from "#/ui/places";
import { Said } from "#/ui/Said";
import { TextField } from "#/ui/TextField";
import { chat, useChat } from "./chat";
import { useNameCheck } from "./nameCheck";
import { useVerdictText } from "./verdictText";

/** Asks for a nickname; there is no chat without one, so all the rest of the portal can be reached from here. */
export function NicknameDialog() {
  const { t, i18n } = useLingui();
  const refusal = useChat((state) => state.refusal);
  const entering = useChat((state) => state.phase === "entering");
  const wire = useConnections((store) => store.states.chat?.state);
  const [name, setName] = useState(refusal?.name || chat.memory.lastName);
  const field = useRef<HTMLInputElement>(null);
  const wanted = name.trim();
  const check = useNameCheck(wanted, refusal);
  const verdictText = useVerdictText();
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  // Refused: the field keeps the text and gets the focus back.
  useEffect(() => {
    if (refusal) {
      field.current?.focus();
    }
  }, [refusal]);

  const enter = (chosen: string) => {
    if (chosen !== "" && !entering) {
      chat.session.enter(chosen);
    }
  };
  const free = check?.verdict === "free";
  const unanswered = entering && (wire === "retrying" || wire === "offline");
  return (
    <Dialog title={t`Choose a nickname`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          enter(wanted);
        }}
      >
        <TextField
          ref={field}
          label={t`Nickname`}
          labelHidden
          value={name}
          maxLength={128}
          dir="auto"
          autoComplete="nickname"
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
          error={check && !free ? verdictText(check) : undefined}
          hint={unanswered ? t`The server does not answer. Trying again.` : free ? t`This nickname is free.` : "\u00a0"}
        />
        <div className="flex min-h-9 items-center pt-1">
          {check?.suggestion && (
            <Button size="small" onClick={() => enter(check.suggestion)}>
              <span>
                <Trans>
                  Enter as <Said text={check.suggestion} />
                </Trans>
              </span>
            </Button>
          )}
        </div>
        <Button type="submit" kind="primary" size="large" off={wanted === "" || entering} className="mt-2 w-full">
          {entering ? <Trans>Entering…</Trans> : <Trans>Continue</Trans>}
        </Button>
      </form>
      <footer className="mt-6 flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3">
        <nav aria-label={t`Other pages`} className="flex flex-wrap gap-x-3">
          {places
            .filter((place) => place.name !== "chat")
            .map((place) => (
              <Link
                key={place.name}
                to={place.to}
                className="inline-flex min-h-6 items-center text-xs text-soft underline underline-offset-4 hover:text-ink pointer-coarse:min-h-11"
              >
                {i18n._(place.title)}
              </Link>
            ))}
        </nav>
        <LanguageAndTheme />
      </footer>
    </Dialog>
  );
}
