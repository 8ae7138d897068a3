// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { LoaderCircle } from "lucide-react";
import { IconButton } from "#/ui/Button";
import { actionFor, targetOf } from "../model/status";
import { moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import { actionLooks } from "../texts/actionLooks";
import { shortOf } from "../texts/looks";

interface Props {
  id: string;
  /** Tab comes to it only in the row that it comes to. */
  isActive: boolean;
}

/** Cancel or Retry, in a row; nothing where neither is possible. */
export function ActionButton({ id, isActive }: Props) {
  const { t, i18n } = useLingui();
  const report = useReports((store) => store.reports.get(id));
  const isWaiting = useReports((store) => store.asked.get(id)?.failure === null);
  const action = report && actionFor(report.allowed);
  if (!action) {
    return null;
  }
  const short = shortOf(id);
  const name = action === "cancel" ? t`Cancel report ${short}` : t`Retry report ${short}`;
  const Icon = isWaiting ? LoaderCircle : actionLooks[action].icon;
  return (
    <IconButton
      size="small"
      label={isWaiting ? i18n._(actionLooks[action].waiting) : name}
      off={isWaiting}
      tabIndex={isActive ? 0 : -1}
      onClick={() => void moveReport(id, targetOf[action])}
    >
      <Icon aria-hidden className={isWaiting ? "size-4 animate-spin-slow" : "size-4"} />
    </IconButton>
  );
}
