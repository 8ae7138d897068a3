// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { FlaskConical } from "lucide-react";
import { Button } from "#/ui/Button";
import { CommandLine } from "#/ui/copy";
import type { Report } from "../model/report";
import { moveReport } from "../store/commands";
import { useReports } from "../store/reports";
import { moveCommand, scriptCommand } from "../store/server";
import { looks } from "../texts/looks";

/** Does what a worker would do: for trying out, and to see how it is done from outside. */
export function Simulate({ user, report }: { user: string; report: Report }) {
  const { t, i18n } = useLingui();
  const isWaiting = useReports((store) => store.asked.get(report.id)?.failure === null);
  return (
    <details className="rounded-control border border-line" data-simulate>
      <summary className="flex items-center gap-2 rounded-control px-3 py-2 text-sm font-medium hover:bg-hover pointer-coarse:min-h-11">
        <FlaskConical aria-hidden className="size-4 text-soft" />
        <Trans>Simulate a worker</Trans>
      </summary>
      <div className="flex flex-col gap-4 border-t border-line p-3">
        {report.allowed.map((status) => {
          const { icon: Icon, word } = looks[status];
          const name = i18n._(word);
          return (
            <div key={status} className="flex min-w-0 flex-col items-start gap-2">
              <Button size="small" off={isWaiting} onClick={() => void moveReport(report.id, status, "in place")}>
                <Icon aria-hidden className="size-3.5" />
                <Trans>Make it “{name}”</Trans>
              </Button>
              <div className="flex w-full min-w-0 flex-col gap-1.5">
                <CommandLine label={t`Request that makes it “${name}”`}>
                  {moveCommand(user, report.id, status)}
                </CommandLine>
                <CommandLine label={t`Script that makes it “${name}”`}>
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
