// SPDX-License-Identifier: Apache-2.0
import { clsx } from "clsx";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { pushDialog } from "./topDialog";

interface Props {
  title: string;
  children: ReactNode;
  /** Absent: it cannot be closed without answering. */
  onClose?: (() => void) | undefined;
  /** Whether it interrupts: read out at once. */
  alert?: boolean;
  /** On a phone it is a bottom sheet as wide as the screen. */
  sheet?: boolean;
}

/** The browser's own modal dialog: it keeps the focus in, makes the rest inert and gives the focus back. */
export function Dialog({ title, children, onClose, alert = false, sheet = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    opened?.showModal();
    const leaveTop = opened && pushDialog(opened);
    return () => {
      leaveTop?.();
      opened?.close();
      if (before instanceof HTMLElement && before.isConnected) {
        before.focus();
      }
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      role={alert ? "alertdialog" : undefined}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClose={(event) => {
        // Android's second "back" closes without `cancel`. React also bubbles the event of a nested dialog here.
        if (event.target !== dialog.current) {
          return;
        }
        if (onClose) {
          onClose();
        } else {
          dialog.current.showModal();
        }
      }}
      onKeyDown={(event) => {
        // Pressed twice, Esc would close it without `cancel`.
        if (event.key === "Escape") {
          event.preventDefault();
          event.stopPropagation();
          onClose?.();
        }
      }}
      className={clsx(
        "rounded-card border border-line bg-surface p-6 text-ink backdrop:bg-[oklch(0.2_0.02_265/0.45)]",
        sheet
          ? "mx-auto mt-auto mb-0 max-h-[70dvh] w-full max-w-[30rem] rounded-b-none open:flex open:flex-col"
          : "m-auto w-[min(30rem,calc(100vw-2rem))]",
      )}
    >
      <h2 id={heading} className="mb-4 text-lg font-semibold text-balance">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
