// SPDX-License-Identifier: Apache-2.0
/** The field of the page that `/` leads to. */
export function searchField(): HTMLElement | null {
  return document.querySelector("main [type=search]");
}
