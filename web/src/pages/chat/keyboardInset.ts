// SPDX-License-Identifier: Apache-2.0
import { useSyncExternalStore } from "react";

/**
 * How much of the page's lower end a soft keyboard covers, in px. Where the browser makes the window smaller for it
 * (`interactive-widget` in index.html) nothing is covered; Safari lays the keyboard over the page.
 */
export function useKeyboardInset(): number {
  return useSyncExternalStore(subscribe, covered);
}

function subscribe(listener: () => void): () => void {
  const viewport = window.visualViewport;
  viewport?.addEventListener("resize", listener);
  viewport?.addEventListener("scroll", listener);
  return () => {
    viewport?.removeEventListener("resize", listener);
    viewport?.removeEventListener("scroll", listener);
  };
}

function covered(): number {
  const viewport = window.visualViewport;
  const main = document.getElementById("main");
  // Zoomed in, the viewport is small for another reason.
  if (!viewport || !main || viewport.scale !== 1) {
    return 0;
  }
  // When printed the page is longer than the window, and this padding would make it longer still.
  const bottom = Math.min(main.getBoundingClientRect().bottom, window.innerHeight);
  return Math.max(0, Math.round(bottom - viewport.offsetTop - viewport.height));
}
