// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { ConfirmDialog } from "#/ui/ConfirmDialog";
import { TextField } from "#/ui/TextField";
import { useCloud } from "../store/cloud";
import { shortId } from "../store/labels";
import { runAction, runActions } from "../store/sending";
import { askToDelete, useDeleting } from "./deleting";

/** Confirms the deletion of instances, requested by a button, a shortcut or the bar. */
export function DeleteDialog() {
  const ids = useDeleting((store) => store.ids);
  const [only] = ids;
  if (only === undefined) {
    return null;
  }
  return ids.length === 1 ? <DeleteOne id={only} /> : <DeleteMany ids={ids} />;
}

const close = () => askToDelete([]);

function DeleteOne({ id }: { id: string }) {
  const { t } = useLingui();
  const running = useCloud((store) => store.fleet.known.get(id)?.instance.state === "running");
  const short = shortId(id);
  return (
    <ConfirmDialog
      title={t`Delete instance ${short}?`}
      action={t`Delete`}
      onClose={close}
      onConfirm={() => {
        close();
        void runAction("remove", id);
      }}
    >
      <p className="mb-2 font-mono text-xs wrap-anywhere text-ink">{id}</p>
      {running ? <Trans>It is running; it will be stopped first.</Trans> : <Trans>This cannot be undone.</Trans>}
    </ConfirmDialog>
  );
}

/** Deleting many at once requires typing their number. */
function DeleteMany({ ids }: { ids: readonly string[] }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const count = ids.length;
  const running = useCloud(({ fleet }) => ids.filter((id) => fleet.known.get(id)?.instance.state === "running").length);
  return (
    <ConfirmDialog
      title={t`${plural(count, { one: "Delete # instance?", other: "Delete # instances?" })}`}
      action={t`Delete`}
      off={typed.trim() !== String(count)}
      onClose={close}
      onConfirm={() => {
        close();
        void runActions("remove", ids);
      }}
    >
      <p className="mb-4">
        {running > 0
          ? t`${plural(running, {
              one: "# of them is running and will be stopped first.",
              other: "# of them are running and will be stopped first.",
            })}`
          : t`This cannot be undone.`}
      </p>
      <TextField
        label={t`Type ${count} to continue`}
        inputMode="numeric"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </ConfirmDialog>
  );
}
