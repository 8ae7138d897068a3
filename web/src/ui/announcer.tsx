// SPDX-License-Identifier: Apache-2.0
import { plural } from "@lingui/core/macro";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useSettings } from "#/settings/settings";
import { useTopDialog } from "./topDialog";

const pause = 1200;
const readOut = 3;

/** Collects announcements, and speaks them in batches. */
class Speaker {
  show: ((text: string) => void) | undefined;
  private waiting: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  add(text: string): void {
    this.waiting.push(text);
    this.timer ??= setTimeout(() => this.speak(), 100);
  }

  private speak(): void {
    this.timer = undefined;
    const count = this.waiting.length;
    if (count === 0) {
      return;
    }
    const last = this.waiting.at(-1) ?? "";
    const text =
      count <= readOut
        ? this.waiting.join(". ")
        : plural(count, { one: `# update, the last: ${last}`, other: `# updates, the last: ${last}` });
    this.waiting = [];
    // Emptied first, so that the same words are read again.
    this.show?.("");
    setTimeout(() => this.show?.(text), 50);
    this.timer = setTimeout(() => this.speak(), pause);
  }
}

const speaker = new Speaker();

/**
 * Announces a text to screen readers, in batches at least 1.2 s apart: up to three texts are read out, of more only their
 * number and the last. Lists themselves are never live regions, since virtual rows and history would be announced as new.
 */
export function announce(text: string): void {
  if (!useSettings.getState().quiet) {
    speaker.add(text);
  }
}

/** The live region of `announce`; once, in the shell. It is inside the open dialog, if there is one: the rest is inert. */
export function Announcer() {
  const [text, setText] = useState("");
  const dialog = useTopDialog();
  useEffect(() => {
    speaker.show = setText;
    return () => {
      speaker.show = undefined;
    };
  }, []);
  return createPortal(
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>,
    dialog ?? document.body,
  );
}
