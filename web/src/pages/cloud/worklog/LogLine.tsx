// SPDX-License-Identifier: Apache-2.0
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { CircleAlert, CircleCheck, CircleDot, CirclePlay, CircleStop, CircleX, type LucideIcon } from "lucide-react";
import { memo } from "react";
import { useErrorWords } from "#/i18n/errors";
import { useFormats } from "#/i18n/format";
import { Time } from "#/ui/Time";
import { failureText, lineText } from "../store/labels";
import { Highlight } from "./Highlight";
import { instanceOf, isError, type Line, timeOf } from "./lines";

const icons: Record<Line["type"], LucideIcon> = {
  received: CircleDot,
  created: CircleCheck,
  started: CirclePlay,
  stopped: CircleStop,
  removed: CircleX,
  failed: CircleAlert,
  refused: CircleAlert,
};
const hues: Record<Line["type"], string> = {
  received: "text-soft",
  created: "text-queue",
  started: "text-ok",
  stopped: "text-wait",
  removed: "text-soft",
  failed: "text-bad",
  refused: "text-bad",
};

interface Props {
  line: Line;
  /** The text that was searched for. */
  search: string;
  /** It belongs to the instance whose details are open. */
  highlighted: boolean;
  onInstance: (id: string) => void;
}

/**
 * Time, instance, level and text. Every line has the same height, and a failed one a second line, so that a fast log need not
 * be measured. The list is rendered with every event; a line once.
 */
export const LogLine = memo(function LogLine({ line, search, highlighted, onInstance }: Props) {
  const { t } = useLingui();
  const formats = useFormats();
  const id = instanceOf(line);
  const Icon = icons[line.type];
  const text = line.type === "refused" ? failureText(line.kind, line.instanceId) : lineText(line.type, line.kind);
  const took = line.type === "refused" || line.took === null ? null : formats.duration(line.took);
  return (
    <div className={clsx("mx-1 flex gap-3 rounded-control px-2 py-1.5 text-xs/4.5", highlighted && "bg-accent-tint")}>
      <Icon aria-hidden className={clsx("mt-px size-4 shrink-0", hues[line.type])} />
      <div className="min-w-0 flex-1">
        <div className="flex gap-x-3 overflow-hidden text-2xs/4.5 whitespace-nowrap text-soft">
          <Time at={timeOf(line)} absolute />
          {line.type !== "refused" && <span>{t`via ${line.door}`}</span>}
        </div>
        {id !== null && (
          <div className="flex h-4.5 min-w-0 items-center gap-1">
            {/* An element of its own, so that a copy has a space behind it. */}
            <span>
              <Trans>Server:</Trans>
            </span>
            <button
              type="button"
              tabIndex={-1}
              aria-pressed={highlighted}
              title={id}
              onClick={() => onInstance(id)}
              className="-my-1 min-w-0 truncate py-1 font-mono hover:underline pointer-coarse:-my-3.25 pointer-coarse:py-3.25"
            >
              <Highlight text={id} search={search} />
            </button>
          </div>
        )}
        <div className="flex justify-between gap-x-3">
          <span className="min-w-0 max-sm:wrap-anywhere sm:truncate">
            <span className={isError(line) ? "font-semibold text-bad" : "text-soft"}>
              {isError(line) ? t`ERROR:` : t`INFO:`}
            </span>{" "}
            <Highlight text={t(text)} search={search} />
            <Reason line={line} />
          </span>
          {took !== null && <span className="shrink-0 text-soft tabular-nums">{t`took ${took}`}</span>}
        </div>
      </div>
    </div>
  );
});

/** Why it failed. */
function Reason({ line }: { line: Line }) {
  const errorWords = useErrorWords();
  const { t } = useLingui();
  const code = line.type === "refused" ? line.code : line.error;
  if (code == null) {
    return null;
  }
  return (
    <span className="block whitespace-normal text-soft" title={code}>
      {code === "unconfirmed" ? t(msg`The server accepted the command, but no confirmation came.`) : errorWords(code)}
    </span>
  );
}
