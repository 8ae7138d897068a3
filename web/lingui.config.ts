// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

// Each page has a catalogue of its own, loaded with the page; the shell's is the rest.
const pages = ["home", "chat", "cloud", "reports", "wisdom", "messages"];

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "ru"],
  format: formatter({ lineNumbers: false, origins: false }),
  catalogs: [
    ...pages.map((page) => ({
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
