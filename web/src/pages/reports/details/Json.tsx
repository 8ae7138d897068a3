// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { Braces } from "lucide-react";
import { CopyButton } from "#/ui/copy";
import type { Report } from "../model/report";

/** The report as the API returns it. */
export function Json({ report }: { report: Report }) {
  const { t } = useLingui();
  const text = JSON.stringify(report, null, 2);
  return (
    <details className="rounded-control border border-line">
      <summary className="flex items-center gap-2 rounded-control px-3 py-2 text-sm font-medium hover:bg-hover pointer-coarse:min-h-11">
        <Braces aria-hidden className="size-4 text-soft" />
        <Trans>JSON</Trans>
      </summary>
      <div className="relative border-t border-line">
        <pre
          tabIndex={0}
          role="group"
          aria-label={t`The report as JSON`}
          className="max-h-80 overflow-auto rounded-b-control bg-sunken p-3 font-mono text-2xs"
        >
          {text}
        </pre>
        <span className="absolute top-2 right-2">
          <CopyButton text={text} label={t`Copy the JSON`} />
        </span>
      </div>
    </details>
  );
}
