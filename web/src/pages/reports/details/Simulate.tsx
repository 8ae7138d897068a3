// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { FlaskConical } from "lucide-react";
import { Button } from "#/ui/Button";
import { CommandLine } from "#/ui/copy";
import { useJustChanged } from "#/ui/justChanged";
import type { Report } from "../model/report";
import { moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import { moveCommand, scriptCommand } from "../store/server";
import { statusStyles } from "../texts/statusStyles";

/** Moves a report as a worker would: for trying out, with the requests that do the same from outside. */
export function Simulate({ user, report }: { user: string; report: Report }) {
  const { t, i18n } = useLingui();
  const isWaiting = useReports((store) => store.pendingMoves.get(report.id)?.failure === null);
  const justChanged = useJustChanged(report.status);
  return (
    <details className="rounded-control border border-line" data-simulate>
      <summary className="flex items-center gap-2 rounded-control px-3 py-2 text-sm font-medium hover:bg-hover pointer-coarse:min-h-11">
        <FlaskConical aria-hidden className="size-4 text-soft" />
        <Trans>Simulate a worker</Trans>
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        {report.allowed.map((status) => {
          const { icon: Icon, label } = statusStyles[status];
          const name = i18n._(label);
          return (
            <div key={status} className="flex min-w-0 flex-col items-start gap-2">
              <Button
                size="small"
                off={isWaiting || justChanged}
                onClick={() => void moveReport(report.id, status, "in place")}
              >
                <Icon aria-hidden className="size-3.5" />
                <Trans>Move to “{name}”</Trans>
              </Button>
              <div className="flex w-full min-w-0 flex-col gap-1.5">
                <CommandLine label={t`Request that moves it to “${name}”`}>
                  {moveCommand(user, report.id, status)}
                </CommandLine>
                <CommandLine label={t`Script that moves it to “${name}”`}>
                  {scriptCommand(user, report.id, status)}
                </CommandLine>
              </div>
            </div>
          );
        })}
      </div>
    </details>
  );
}
