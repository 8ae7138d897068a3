// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { startTransition } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "#/app/App";
import { pageAt } from "#/app/pages";
import { activate } from "#/i18n/i18n";
import { useSettings } from "#/settings/settings";
import "./styles.css";

const texts = activate(useSettings.getState().locale);
// Beside the shell's own texts, which do not wait for it. Where it fails, the page says so when it is drawn.
pageAt(window.location.pathname)
  ?.fetch()
  .catch(() => undefined);
await texts;

const root = document.getElementById("root");
if (!root) {
  throw new Error("index.html has no #root");
}
// In slices, between which the browser can answer to the person.
startTransition(() =>
  createRoot(root).render(
    <I18nProvider i18n={i18n}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </I18nProvider>,
  ),
);

// News of the inbox are counted on every page, but the first page comes first.
setTimeout(async () => {
  const { watchRemembered } = await import("#/pages/messages/watch");
  watchRemembered();
}, 500);
