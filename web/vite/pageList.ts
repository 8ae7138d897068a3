// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from "node:fs";
import type { Plugin } from "vite";

/** The folders of `src/pages/`: each is a page. */
export function pageNames(): string[] {
  return readdirSync("src/pages").sort();
}

/** Writes `pages.txt`: where the pages are, one path a line. The server sends `index.html` there, with status 200. */
export function pageList(): Plugin {
  const addresses = pageNames().map((name) => (name === "home" ? "/" : `/${name}`));
  return {
    name: "page-list",
    apply: "build",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "pages.txt", source: `${addresses.join("\n")}\n` });
    },
  };
}
