// SPDX-License-Identifier: Apache-2.0
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { ArrowDownLeft, ArrowUpRight, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { useFormats } from "#/i18n/format";
import { CopyButton } from "#/ui/copy";
import { TextField } from "#/ui/TextField";
import { type Frame, matching } from "./frames";
import { wisdom } from "./visit";

/** For developers: the raw messages of the protocol. */
export function FrameLog() {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="group rounded-card border border-line bg-surface"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-11 items-center gap-2 rounded-card px-4 text-sm font-medium">
        <ChevronRight className="size-4 text-soft transition-transform group-open:rotate-90" aria-hidden />
        <Trans>Protocol frames</Trans>
      </summary>
      {open && <Frames />}
    </details>
  );
}

function Frames() {
  const { t } = useLingui();
  const formats = useFormats();
  const frames = useStore(wisdom, (store) => store.frames);
  const [filter, setFilter] = useState("");
  const shown = matching(frames, filter);
  const arrow = (frame: Frame) => (frame.direction === "in" ? "<" : ">");
  const lines = shown.map((frame) => `${new Date(frame.at).toISOString()} ${arrow(frame)} ${frame.text}`).join("\n");
  return (
    <div className="border-t border-line">
      <div className="flex flex-wrap items-center gap-3 px-4 py-2">
        <TextField
          type="search"
          label={t`Filter`}
          labelHidden
          placeholder={t`Filter`}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="w-56"
        />
        <span className="text-xs text-soft tabular">
          <Plural value={shown.length} one="# frame" other="# frames" />
        </span>
        <span className="ml-auto">
          <CopyButton text={lines} label={t`Copy all frames`} />
        </span>
      </div>
      <ol
        aria-label={t`Frames`}
        tabIndex={0}
        className="max-h-80 overflow-y-auto border-t border-line px-4 py-2 font-mono text-2xs"
      >
        {shown.map((frame) => (
          <li key={frame.number} className="flex gap-2 py-0.5">
            <span className="shrink-0 text-soft tabular">{formats.clock(frame.at)}</span>
            {frame.direction === "in" ? (
              <ArrowDownLeft className="size-4 shrink-0 text-ok" aria-label={t`received`} />
            ) : (
              <ArrowUpRight className="size-4 shrink-0 text-busy" aria-label={t`sent`} />
            )}
            <span className="wrap-anywhere">{frame.text}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
