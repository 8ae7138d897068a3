// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";
import { pageNames } from "./vite/pageList.ts";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "ru"],
  format: formatter({ lineNumbers: false, origins: false }),
  // Each page has a catalogue of its own, loaded with the page; the shell's is the rest.
  catalogs: [
    ...pageNames().map((page) => ({
      path: `<rootDir>/src/pages/${page}/locales/{locale}`,
      include: [`<rootDir>/src/pages/${page}`],
    })),
    {
      path: "<rootDir>/src/i18n/locales/{locale}",
      include: ["<rootDir>/src"],
      exclude: ["<rootDir>/src/pages/**", "**/*.test.*"],
    },
  ],
});
