// SPDX-License-Identifier: Apache-2.0

import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useConnections } from "#/live/connections";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { LanguageAndTheme } from "#/ui/LanguageAndTheme";
import { pageLinks } from "#/ui/pageLinks";
import { QuotedText } from "#/ui/QuotedText";
import { TextField } from "#/ui/TextField";
import { chat, useChat } from "./chat";
import { useNameCheck } from "./nameCheck";
import { useVerdictText } from "./verdictText";

/** Asks for a nickname. It cannot be closed without one, so it links to the other pages. */
export function NicknameDialog() {
  "use no memo"; // The storage of other tabs is read with each render.
  const { t, i18n } = useLingui();
  const refusal = useChat((state) => state.refusal);
  const registering = useChat((state) => state.phase === "registering");
  const connectionState = useConnections((store) => store.statuses.chat?.state);
  const [name, setName] = useState(refusal?.name || chat.storage.lastName);
  const field = useRef<HTMLInputElement>(null);
  const trimmedName = name.trim();
  const check = useNameCheck(trimmedName, refusal);
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

  const join = (chosen: string) => {
    if (chosen !== "" && !registering) {
      chat.session.join(chosen);
    }
  };
  const free = check?.verdict === "free";
  const own = check && !free ? chat.storage.membershipByName(trimmedName) : null;
  const unanswered = registering && (connectionState === "retrying" || connectionState === "offline");
  const hint = unanswered
    ? t`The server does not answer. Trying again.`
    : own
      ? t`That is you, from this browser. Continue as the same member.`
      : free
        ? t`This nickname is free.`
        : "\u00a0";
  return (
    <Dialog title={t`Choose a nickname`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          join(trimmedName);
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
          error={check && !free && !own ? verdictText(check) : undefined}
          hint={hint}
        />
        <div className="flex min-h-9 items-center pt-1">
          {check?.suggestion && (
            <Button size="small" onClick={() => join(check.suggestion)}>
              <span>
                <Trans>
                  Join as <QuotedText text={check.suggestion} />
                </Trans>
              </span>
            </Button>
          )}
        </div>
        <Button
          type="submit"
          kind="primary"
          size="large"
          off={trimmedName === "" || registering}
          className="mt-2 w-full"
        >
          {registering ? <Trans>Joining…</Trans> : <Trans>Continue</Trans>}
        </Button>
      </form>
      <footer className="mt-6 flex flex-wrap items-center justify-between gap-2 border-t border-line pt-3">
        <nav aria-label={t`Other pages`} className="flex flex-wrap gap-x-3">
          {pageLinks
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
