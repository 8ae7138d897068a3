// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { create } from "zustand";
import { announce } from "./announcer";
import { Button, IconButton } from "./Button";
import { CopyButton } from "./copy";
import { useJustChanged } from "./justChanged";
import { useTopDialog } from "./topDialog";

export interface Notice {
  tone: "ok" | "bad";
  text: string;
  /** For support requests: code, ids, the server's message. */
  details?: string;
  action?: { label: string; run: () => void };
}

interface Shown extends Notice {
  id: number;
}

/** Shown at the same time; the oldest is removed. */
const toastsMax = 3;
/** How long one is shown, in ms; errors take longer to read. */
const life = { ok: 5000, bad: 12_000 };
/** With a button, in ms. */
const lifeOfAction = 12_000;

let lastId = 0;
export const useToasts = create<{ shown: readonly Shown[] }>()(() => ({ shown: [] }));

/** Shows the outcome of a user's action for a few seconds. It never takes the focus. */
export function toast(notice: Notice): void {
  lastId += 1;
  const added = { ...notice, id: lastId };
  useToasts.setState(({ shown }) => ({ shown: [...shown, added].slice(-toastsMax) }));
  announce(notice.text);
}

function dismiss(id: number): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter((each) => each.id !== id) }));
}

/** The region of the toasts; once, in the shell. The announcer reads them out, so this is no live region. */
export function Toasts() {
  const { t } = useLingui();
  const shown = useToasts((store) => store.shown);
  const justChanged = useJustChanged(shown);
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
        <Toast key={each.id} toast={each} justChanged={justChanged} />
      ))}
    </section>,
    dialog ?? document.body,
  );
}

function Toast({ toast: { id, tone, text, details, action }, justChanged }: { toast: Shown; justChanged: boolean }) {
  const { t } = useLingui();
  const [hovered, setHovered] = useState(false);
  const [focused, setFocused] = useState(false);
  const [opened, setOpened] = useState(false);
  const kept = hovered || focused || opened;
  const hasAction = action !== undefined;
  useEffect(() => {
    const timer = kept ? undefined : setTimeout(() => dismiss(id), hasAction ? lifeOfAction : life[tone]);
    return () => clearTimeout(timer);
  }, [kept, id, tone, hasAction]);
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
            off={justChanged}
            onClick={() => {
              dismiss(id);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
        <IconButton size="small" label={t`Dismiss`} off={justChanged} onClick={() => dismiss(id)}>
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
