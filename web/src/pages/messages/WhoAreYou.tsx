// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { type SubmitEvent, useState } from "react";
import { Button } from "#/ui/Button";
import { Panel } from "#/ui/Panel";
import { TextField } from "#/ui/TextField";
import { faultOf } from "./topicName";
import { useNameWords } from "./useNameWords";
import { become } from "./watch";

/** Asks whose inbox to open. */
export function WhoAreYou() {
  const { t } = useLingui();
  const words = useNameWords();
  const [name, setName] = useState("");
  const [asked, setAsked] = useState(false);
  const fault = faultOf(name.trim());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (fault === null) {
      become(name.trim());
    }
  };
  return (
    <Panel title={t`Whose messages?`} className="mx-auto mt-4 w-full max-w-md sm:mt-12">
      <form onSubmit={submit} className="flex flex-col gap-4 px-4 pb-4">
        <TextField
          label={t`User name`}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={asked && fault !== null ? words(fault) : undefined}
          hint={t`Kept in this browser, so that news are counted on every page.`}
          autoComplete="username"
          spellCheck={false}
          dir="auto"
        />
        <Button type="submit" kind="primary" className="self-start">
          <Trans>Open the inbox</Trans>
        </Button>
      </form>
    </Panel>
  );
}
