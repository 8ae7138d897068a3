// SPDX-License-Identifier: Apache-2.0
import { Trans } from "@lingui/react/macro";
import { Plus } from "lucide-react";
import { Button } from "#/ui/Button";
import { createReport } from "../store/commands";
import { useReports } from "../store/reports";

/** Off while a report is being created, so that a double click creates one. */
export function CreateButton() {
  const isSending = useReports((store) => store.creation.state === "sending");
  return (
    <Button kind="primary" off={isSending} aria-busy={isSending} onClick={() => void createReport()}>
      <Plus aria-hidden className="size-4" />
      {isSending ? <Trans>Creating…</Trans> : <Trans>Create new report</Trans>}
    </Button>
  );
}
