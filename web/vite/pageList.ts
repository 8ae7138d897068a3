// SPDX-License-Identifier: Apache-2.0
import type { Plugin } from "vite";
import { addressOf, pageNames } from "../src/ui/paths.ts";

/** Writes `pages.txt`: where the pages are, one path a line. The server sends `index.html` there, with status 200. */
export function pageList(): Plugin {
  return {
    name: "page-list",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "pages.txt", source: `${pageNames.map(addressOf).join("\n")}\n` });
    },
  };
}
