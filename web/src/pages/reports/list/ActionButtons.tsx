// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { LoaderCircle } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { IconButton } from "#/ui/Button";
import { useJustChanged } from "#/ui/justChanged";
import { type Action, actionFor, targetOf } from "../model/status";
import { moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import { actionStyles } from "../texts/actionStyles";
import { shortOf } from "../texts/statusStyles";

interface Props {
  id: string;
  /** Tab goes to the buttons of the active row only. */
  isActive: boolean;
}

/** Cancel and Retry of a row: each has a place of its own, which is empty where the action is not possible. */
export function ActionButtons(props: Props) {
  return (
    <span className="relative grid w-8 shrink-0 justify-items-end @lg:w-16 @lg:grid-cols-2 pointer-coarse:w-11 @lg:pointer-coarse:w-22">
      <ActionButton {...props} action="cancel" place="col-start-1 row-start-1" />
      <ActionButton {...props} action="retry" place="col-start-1 row-start-1 @lg:col-start-2" />
    </span>
  );
}

function ActionButton({ id, isActive, action, place }: Props & { action: Action; place: string }) {
  const { t, i18n } = useLingui();
  const report = useReports((store) => store.reports.get(id));
  const isWaiting = useReports((store) => store.pendingMoves.get(id)?.failure === null);
  const isPossible = report !== undefined && actionFor(report.allowed) === action;
  const justChanged = useJustChanged(isPossible);
  if (!isPossible) {
    return null;
  }
  const short = shortOf(id);
  const name = action === "cancel" ? t`Cancel report ${short}` : t`Retry report ${short}`;
  const Icon = isWaiting ? LoaderCircle : actionStyles[action].icon;
  return (
    <Place className={place}>
      <IconButton
        size="small"
        label={isWaiting ? i18n._(actionStyles[action].pendingLabel) : name}
        off={isWaiting || justChanged}
        tabIndex={isActive ? 0 : -1}
        onClick={() => void moveReport(id, targetOf[action])}
      >
        <Icon aria-hidden className={isWaiting ? "size-4 animate-spin-slow" : "size-4"} />
      </IconButton>
    </Place>
  );
}

/** When the focused button is removed, the row takes the focus. */
function Place({ className, children }: { className: string; children: ReactNode }) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const left = place.current;
    const row = left?.closest("li")?.querySelector("a");
    return () => {
      if (left?.contains(document.activeElement)) {
        row?.focus({ preventScroll: true });
      }
    };
  }, []);
  return (
    <span ref={place} className={className}>
      {children}
    </span>
  );
}
