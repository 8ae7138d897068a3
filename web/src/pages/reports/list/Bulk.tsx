// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Button } from "#/ui/Button";
import { ConfirmDialog } from "#/ui/ConfirmDialog";
import type { Report } from "../model/report";
import { type Action, actionFor } from "../model/status";
import { moveAll } from "../store/commands";

/** Retries or cancels all filtered reports for which the server allows it. */
export function Bulk({ reports }: { reports: readonly Report[] }) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<{ action: Action; ids: readonly string[] } | null>(null);
  const idsFor = (action: Action) =>
    reports.filter((report) => actionFor(report.allowed) === action).map((report) => report.id);
  const retry = idsFor("retry");
  const cancel = idsFor("cancel");
  if (retry.length + cancel.length === 0 && !chosen) {
    return null;
  }
  return (
    <div role="group" aria-label={t`All that are shown`} className="flex flex-wrap items-center gap-2">
      {retry.length > 0 && (
        <Button size="small" onClick={() => setChosen({ action: "retry", ids: retry })}>
          <Trans>Retry all {retry.length}</Trans>
        </Button>
      )}
      {cancel.length > 0 && (
        <Button size="small" onClick={() => setChosen({ action: "cancel", ids: cancel })}>
          <Trans>Cancel all {cancel.length}</Trans>
        </Button>
      )}
      {chosen && <Confirmation {...chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}

function Confirmation({ action, ids, onClose }: { action: Action; ids: readonly string[]; onClose: () => void }) {
  const { t } = useLingui();
  const count = ids.length;
  const texts = {
    retry: {
      title: t`Retry ${plural(count, { one: "# report", other: "# reports" })}?`,
      text: t`Each begins its next attempt as “pending”.`,
      action: t`Retry ${plural(count, { one: "# report", other: "# reports" })}`,
    },
    cancel: {
      title: t`Cancel ${plural(count, { one: "# report", other: "# reports" })}?`,
      text: t`Work on them stops. A canceled report can be retried.`,
      action: t`Cancel ${plural(count, { one: "# report", other: "# reports" })}`,
    },
  }[action];
  return (
    <ConfirmDialog
      title={texts.title}
      action={texts.action}
      dismiss={t`Keep them`}
      onClose={onClose}
      onConfirm={() => {
        onClose();
        void moveAll(ids, action);
      }}
    >
      {texts.text}
    </ConfirmDialog>
  );
}
