// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { Dices } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { Button } from "#/ui/Button";
import { Page } from "#/ui/Page";
import { Panel } from "#/ui/Panel";
import { TextField } from "#/ui/TextField";
import { parseUuid, randomUuid } from "../model/uuid";
import { enter, useUser } from "../store/user";

/** Asks for the user. Any UUID is accepted: it is a name, no password. */
export function Entry() {
  const { t } = useLingui();
  const last = useUser((store) => store.last);
  const [text, setText] = useState(last ?? "");
  const [wrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  const change = (next: string) => {
    setText(next);
    setWrong(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const user = parseUuid(text);
    if (user) {
      enter(user);
    } else {
      setWrong(true);
      field.current?.focus();
    }
  };

  return (
    <Page title={t`Reports`}>
      <Panel title={t`Login`} className="mx-auto mt-[6dvh] w-full max-w-lg">
        <form onSubmit={submit} noValidate className="flex flex-col gap-4 px-4 pb-4">
          <p className="text-sm text-soft">
            <Trans>
              Reports belong to a user, and a user is a UUID. Use yours, or generate one to try it out: no password is
              needed.
            </Trans>
          </p>
          <TextField
            ref={field}
            label={t`User ID (UUID)`}
            value={text}
            onChange={(event) => change(event.target.value)}
            onPaste={(event) => {
              // A pasted UUID is normalized at once, so that the user sees the result.
              const pasted = parseUuid(event.clipboardData.getData("text"));
              if (pasted) {
                event.preventDefault();
                change(pasted);
              }
            }}
            error={wrong ? t`User ID must be a UUID, like d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10` : undefined}
            hint={last !== null && text === last ? t`The one you used last` : undefined}
            spellCheck={false}
            autoCapitalize="none"
            autoFocus
            className="[&_input]:font-mono [&_input]:text-xs"
            after={
              <Button onClick={() => change(randomUuid())}>
                <Dices aria-hidden className="size-4" />
                <Trans>Generate</Trans>
              </Button>
            }
          />
          <Button kind="primary" type="submit" className="self-end">
            <Trans>Log in</Trans>
          </Button>
        </form>
      </Panel>
    </Page>
  );
}
