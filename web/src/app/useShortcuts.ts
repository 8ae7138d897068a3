// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { switchTheme } from "#/settings/theme";
import { letterOf, usePageKeys } from "#/ui/keys";
import { closeDialog, isDialogPending, showDialog } from "./dialogs";
import { pages } from "./pages";
import { searchField } from "./searchField";

/** Not 0: event timestamps count from the page's start, and a key may be pressed in its first second. */
const never = Number.NEGATIVE_INFINITY;

/** Handles the global shortcuts, and those of the current page. */
export function useShortcuts(): void {
  const navigate = useNavigate();
  const goPressed = useRef(never);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "F6") {
        event.preventDefault();
        focusRegion(event.shiftKey ? -1 : 1);
        return;
      }
      if (isPaletteKey(event)) {
        event.preventDefault(); // Not the browser's own search, either.
        if (document.querySelector("dialog[open]") === null) {
          showDialog("palette");
        }
        return;
      }
      if (isDialogPending()) {
        keepForDialog(event);
        return;
      }
      const letter = letterOf(event);
      if (letter === null) {
        return;
      }
      const page = pages.find((each) => each.key === letter);
      if (event.key === "?") {
        showDialog("keys");
      } else if (page && event.timeStamp - goPressed.current < 1500) {
        goPressed.current = never;
        navigate(page.to);
      } else if (letter === "KeyG") {
        goPressed.current = event.timeStamp;
        return;
      } else if (letter === "KeyT") {
        switchTheme();
      } else if (event.code === "Slash") {
        const search = searchField();
        search?.focus();
        if (!search) {
          return;
        }
      } else {
        const key = usePageKeys.getState().keys.get(letter);
        if (!key?.run) {
          return;
        }
        key.run();
      }
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);
}

/** Key presses are meant for the pending dialog, not for the page below it; Esc cancels the dialog. */
function keepForDialog(event: KeyboardEvent): void {
  if (event.key === "Escape") {
    closeDialog();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
  }
}

/** Also inside text fields. */
function isPaletteKey({ code, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return code === "KeyK" && (ctrlKey || metaKey) && !altKey && !shiftKey;
}

function focusRegion(step: 1 | -1): void {
  // Hidden regions have no boxes; `main` is a region only where the page has none of its own.
  const all = [...document.querySelectorAll<HTMLElement>("[data-region]")];
  const isOuter = (region: HTMLElement) => all.some((other) => other !== region && region.contains(other));
  const regions = all.filter((region) => !isOuter(region) && focusableIn(region) !== undefined);
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const from = here < 0 && step < 0 ? 0 : here;
  const next = regions.at((from + step + regions.length) % regions.length);
  (next && focusableIn(next))?.focus();
}

function focusableIn(region: HTMLElement): HTMLElement | undefined {
  const inside = region.querySelectorAll<HTMLElement>("a, button, input, textarea, [tabindex='0']");
  const shown = [...inside].find((each) => each.tabIndex >= 0 && each.checkVisibility());
  return shown ?? (region.tabIndex === -1 && region.matches("[tabindex]") ? region : undefined);
}
