// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { LoaderCircle, RotateCcw, X } from "lucide-react";
import { IconButton } from "#/ui/Button";
import { actionFor, targetOf } from "../model/status";
import { moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import { shortOf } from "../texts/looks";

/** Cancel or Retry, in a row; nothing where neither is possible. */
export function ActionButton({ id, isActive }: { id: string; isActive: boolean }) {
  const { t } = useLingui();
  const report = useReports((store) => store.reports.get(id));
  const isWaiting = useReports((store) => store.asked.get(id)?.failure === null);
  const action = report && actionFor(report.allowed);
  if (!action) {
    return null;
  }
  const short = shortOf(id);
  const words = {
    cancel: { plain: t`Cancel report ${short}`, waiting: t`Canceling…`, icon: X },
    retry: { plain: t`Retry report ${short}`, waiting: t`Retrying…`, icon: RotateCcw },
  }[action];
  const Icon = isWaiting ? LoaderCircle : words.icon;
  return (
    <IconButton
      size="small"
      label={isWaiting ? words.waiting : words.plain}
      off={isWaiting}
      tabIndex={isActive ? 0 : -1}
      onClick={() => void moveReport(id, targetOf[action])}
    >
      <Icon aria-hidden className={isWaiting ? "size-4 animate-spin-slow" : "size-4"} />
    </IconButton>
  );
}
