// SPDX-License-Identifier: Apache-2.0
import { type RefObject, useEffect } from "react";
import { usePageKeys } from "#/ui/keys";

const letter = /^[\p{L}\p{N}]$/u;

/** A letter typed outside of any field goes into the chat's field, and is no shortcut of the portal. */
export function useTypingAnywhere(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      const taken =
        event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog") !== null;
      const inDialog = document.querySelector("dialog[open]") !== null;
      if (letter.test(event.key) && !modified && !taken && !inDialog && !event.isComposing) {
        event.stopImmediatePropagation();
        field.current?.focus();
      }
    };
    // Before the portal's shortcuts.
    window.addEventListener("keydown", onKey, { capture: true });
    usePageKeys.setState({ lettersAreText: true });
    return () => {
      window.removeEventListener("keydown", onKey, { capture: true });
      usePageKeys.setState({ lettersAreText: false });
    };
  }, [field]);
}
