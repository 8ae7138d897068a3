// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { bytesOf } from "#/api/bytes";
import { Button } from "#/ui/Button";
import { Dialog } from "#/ui/Dialog";
import { TextField } from "#/ui/TextField";
import { create } from "../store/sending";

/** The server's limit (docs/API.md, "Cloud dashboard"). */
const bytesMax = 64;

/** Creates an instance with a name. */
export function NameDialog({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const name = typed.trim();
  const error = /\p{Cc}/u.test(name)
    ? t`A name has no control characters.`
    : bytesOf(name) > bytesMax
      ? t`The name is too long.`
      : undefined;
  return (
    <Dialog title={t`Create an instance with a name`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== "" && error === undefined) {
            onClose();
            void create(name);
          }
        }}
      >
        <TextField
          autoFocus
          label={t`Name`}
          value={typed}
          dir="auto"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
          error={error}
          hint={t`The name is kept as long as the instance exists.`}
        />
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" kind="primary" off={name === "" || error !== undefined}>
            <Trans>Create</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
