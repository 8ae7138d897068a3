// SPDX-License-Identifier: Apache-2.0
/** Focuses an element that will be rendered with the next frame. */
export function focusSoon(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
}
