// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { type SubmitEvent, useState } from "react";
import { Button } from "#/ui/Button";
import { Panel } from "#/ui/Panel";
import { TextField } from "#/ui/TextField";
import { findNameFault } from "./topicName";
import { useNameFaultText } from "./useNameFaultText";
import { openInbox } from "./watch";

/** Asks whose inbox to open. */
export function UserPrompt() {
  const { t } = useLingui();
  const faultText = useNameFaultText();
  const [name, setName] = useState("");
  const [submitted, setSubmitted] = useState(false);
  const fault = findNameFault(name.trim());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setSubmitted(true);
    if (fault === null) {
      openInbox(name.trim());
    }
  };
  return (
    <Panel title={t`Whose messages?`} className="mx-auto mt-4 w-full max-w-md sm:mt-12">
      <form onSubmit={submit} className="flex flex-col gap-4 px-4 pb-4">
        <TextField
          label={t`User name`}
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={submitted && fault !== null ? faultText(fault) : undefined}
          hint={t`Kept in this browser, so that new messages are counted on every page.`}
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
