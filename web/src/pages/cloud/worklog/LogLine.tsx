// SPDX-License-Identifier: Apache-2.0
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { CircleAlert, CircleCheck, CircleDot, CirclePlay, CircleStop, CircleX, type LucideIcon } from "lucide-react";
import { memo } from "react";
import { useErrorWords } from "#/i18n/errors";
import { useFormats } from "#/i18n/format";
import { Time } from "#/ui/Time";
import { failureWords, lineWords } from "../store/words";
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
  /** What was searched for. */
  found: string;
  /** It is of the instance whose details are open. */
  lit: boolean;
  onInstance: (id: string) => void;
}

/**
 * Time, instance, level and words, as the first sketch has them. Every line has the same height, and one more for what went
 * wrong, so that a fast log need not be measured. The log is drawn with every event; a line once.
 */
export const LogLine = memo(function LogLine({ line, found, lit, onInstance }: Props) {
  const { t } = useLingui();
  const formats = useFormats();
  const id = instanceOf(line);
  const Icon = icons[line.type];
  const words = line.type === "refused" ? failureWords(line.kind, line.instanceId) : lineWords(line.type, line.kind);
  const took = line.type === "refused" || line.took === null ? null : formats.duration(line.took);
  return (
    <div className={clsx("mx-1 flex gap-3 rounded-control px-2 py-1.5 text-xs/4.5", lit && "bg-accent-tint")}>
      <Icon aria-hidden className={clsx("mt-px size-4 shrink-0", hues[line.type])} />
      <div className="min-w-0 flex-1">
        <div className="flex gap-x-3 overflow-hidden text-2xs/4.5 whitespace-nowrap text-soft">
          <Time at={timeOf(line)} absolute />
          {line.type !== "refused" && <span>{t`via ${line.door}`}</span>}
        </div>
        {id !== null && (
          <div className="flex h-4.5 min-w-0 items-center gap-1">
            <Trans>Server:</Trans>
            <button
              type="button"
              tabIndex={-1}
              aria-pressed={lit}
              title={id}
              onClick={() => onInstance(id)}
              className="-my-1 min-w-0 truncate py-1 font-mono hover:underline pointer-coarse:-my-3.25 pointer-coarse:py-3.25"
            >
              <Highlight text={id} found={found} />
            </button>
          </div>
        )}
        <div className="flex justify-between gap-x-3">
          <span className="min-w-0 max-sm:wrap-anywhere sm:truncate">
            <span className={isError(line) ? "font-semibold text-bad" : "text-soft"}>
              {isError(line) ? t`ERROR:` : t`INFO:`}
            </span>{" "}
            <Highlight text={t(words)} found={found} />
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
      {code === "unheard" ? t(msg`The server took it, but nothing was heard of it.`) : errorWords(code)}
    </span>
  );
}
