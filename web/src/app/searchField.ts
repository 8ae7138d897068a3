// SPDX-License-Identifier: Apache-2.0
/** The search field that `/` focuses. */
export function searchField(): HTMLElement | null {
  return document.querySelector("main [type=search]");
}
