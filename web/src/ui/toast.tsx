// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { create } from "zustand";
import { announce } from "./announcer";
import { Button, IconButton } from "./Button";
import { CopyButton } from "./copy";
import { useTopDialog } from "./topDialog";

export interface Notice {
  tone: "ok" | "bad";
  text: string;
  /** What a person hands on who asks for help: code, ids, the server's own words. */
  details?: string;
  action?: { label: string; act: () => void };
}

interface Shown extends Notice {
  id: number;
}

/** More at once than anybody reads; the oldest gives way. */
const mostAtOnce = 3;
/** How long one stays, in ms; what went wrong takes longer to read. */
const life = { ok: 5000, bad: 12_000 };

let lastId = 0;
export const useToasts = create<{ shown: readonly Shown[] }>()(() => ({ shown: [] }));

/** Tells in passing how something ended that was asked for here. It never takes the focus. */
export function toast(notice: Notice): void {
  lastId += 1;
  const added = { ...notice, id: lastId };
  useToasts.setState(({ shown }) => ({ shown: [...shown, added].slice(-mostAtOnce) }));
  announce(notice.text);
}

function dismiss(id: number): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter((each) => each.id !== id) }));
}

/** Where toasts are shown; once, in the shell. What they say is spoken by the announcer, so this is no live region. */
export function Toasts() {
  const { t } = useLingui();
  const shown = useToasts((store) => store.shown);
  const dialog = useTopDialog();
  if (shown.length === 0) {
    return null;
  }
  return createPortal(
    <section
      aria-label={t`Notices`}
      className="pointer-events-none fixed inset-x-4 bottom-[calc(4.25rem+env(safe-area-inset-bottom))] z-40 flex flex-col items-end gap-2 md:bottom-4"
    >
      {shown.map((each) => (
        <Toast key={each.id} toast={each} />
      ))}
    </section>,
    dialog ?? document.body,
  );
}

function Toast({ toast: { id, tone, text, details, action } }: { toast: Shown }) {
  const { t } = useLingui();
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const [opened, setOpened] = useState(false);
  const held = hovered || focused || opened;
  useEffect(() => {
    const timer = held ? undefined : setTimeout(() => dismiss(id), life[tone]);
    return () => clearTimeout(timer);
  }, [held, id, tone]);
  const Icon = tone === "ok" ? CircleCheck : CircleAlert;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches whether somebody is reading
    <div
      data-toast={tone}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      onFocus={() => setFocused(true)}
      onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault(); // The dialog below it stays.
          dismiss(id);
        }
      }}
      className="pointer-events-auto w-full max-w-md rounded-card border border-line bg-surface py-2 pr-2 pl-4 text-sm shadow-[0_4px_16px_oklch(0.2_0.02_265/0.12)]"
    >
      <div className="flex items-start gap-3">
        <Icon aria-hidden className={`mt-1.5 size-4 shrink-0 ${tone === "ok" ? "text-ok" : "text-bad"}`} />
        <p dir="auto" className="min-w-0 flex-1 py-1 wrap-anywhere">
          {text}
        </p>
        {action && (
          <Button
            kind="link"
            size="small"
            onClick={() => {
              dismiss(id);
              action.act();
            }}
          >
            {action.label}
          </Button>
        )}
        <IconButton size="small" label={t`Dismiss`} onClick={() => dismiss(id)}>
          <X aria-hidden className="size-4" />
        </IconButton>
      </div>
      {details && (
        <details className="mb-1 ml-7 text-xs" onToggle={(event) => setOpened(event.currentTarget.open)}>
          <summary className="w-fit py-1 text-soft">
            <Trans>Details</Trans>
          </summary>
          <div className="flex items-start gap-1">
            <pre className="min-w-0 flex-1 rounded-control bg-sunken p-2 font-mono text-2xs whitespace-pre-wrap wrap-anywhere">
              {details}
            </pre>
            <CopyButton text={details} label={t`Copy the details`} />
          </div>
        </details>
      )}
    </div>
  );
}
