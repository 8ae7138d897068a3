// SPDX-License-Identifier: Apache-2.0
/** Gives the focus to what will be there with the next picture. */
export function focusSoon(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
}
