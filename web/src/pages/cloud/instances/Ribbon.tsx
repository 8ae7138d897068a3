// SPDX-License-Identifier: Apache-2.0
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useFormats } from "#/i18n/format";
import { useServerSecond } from "#/ui/ticker";
import { stateWords } from "../store/words";
import type { ServerLine } from "../store/worklog";
import { type Stretch, stretchesOf } from "./stretches";

const hues: Record<Stretch["what"], string> = {
  running: "bg-ok",
  stopped: "bg-edge",
  changing: "bg-busy animate-pulse-slow",
};
const settledHues: Record<Stretch["what"], string> = { ...hues, changing: "bg-busy" };
const words = { ...stateWords, changing: msg({ message: "Changing", context: "one instance" }) };

/** The states of an instance over time, to scale; the same is told in words below it. */
export function Ribbon({ lines }: { lines: readonly ServerLine[] }) {
  const { t } = useLingui();
  const formats = useFormats();
  const stretches = stretchesOf(lines, useServerSecond());
  return (
    <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full bg-sunken">
      {stretches.map(({ what, from, to }, at) => {
        const state = t(words[what]);
        const lasted = formats.duration(to - from);
        return (
          <span
            key={from}
            title={t`${state} for ${lasted}`}
            className={`min-w-1 ${at === stretches.length - 1 ? hues[what] : settledHues[what]}`}
            style={{ flexGrow: to - from }}
          />
        );
      })}
    </div>
  );
}
