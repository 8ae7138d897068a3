// SPDX-License-Identifier: Apache-2.0
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useFormats } from "#/i18n/format";
import { useServerSecond } from "#/ui/ticker";
import { stateLabels } from "../store/labels";
import type { ServerLine } from "../store/worklog";
import { type StateInterval, stateIntervals } from "./stateIntervals";

const hues: Record<StateInterval["what"], string> = {
  running: "bg-ok",
  stopped: "bg-edge",
  changing: "bg-busy animate-pulse-slow",
};
const settledHues: Record<StateInterval["what"], string> = { ...hues, changing: "bg-busy" };
const labels = { ...stateLabels, changing: msg({ message: "Changing", context: "one instance" }) };

/** The states of an instance over time, to scale; the list below it has the same as text. */
export function StateTimeline({ lines }: { lines: readonly ServerLine[] }) {
  const { t } = useLingui();
  const formats = useFormats();
  const intervals = stateIntervals(lines, useServerSecond());
  return (
    <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full bg-sunken">
      {intervals.map(({ what, from, to }, at) => {
        const state = t(labels[what]);
        const lasted = formats.duration(to - from);
        return (
          <span
            key={from}
            title={t`${state} for ${lasted}`}
            className={`min-w-1 ${at === intervals.length - 1 ? hues[what] : settledHues[what]}`}
            style={{ flexGrow: to - from }}
          />
        );
      })}
    </div>
  );
}
