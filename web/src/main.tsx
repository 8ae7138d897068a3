// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "#/app/App";
import { activate } from "#/i18n/i18n";
import { useSettings } from "#/settings/settings";
import "./styles.css";

await activate(useSettings.getState().locale);

const root = document.getElementById("root");
if (!root) {
  throw new Error("index.html has no #root");
}
createRoot(root).render(
  <I18nProvider i18n={i18n}>
    <BrowserRouter>
      <App />
    </BrowserRouter>
  </I18nProvider>,
);

// News of the inbox are counted on every page, but the first page comes first.
setTimeout(async () => {
  const { watchRemembered } = await import("#/pages/messages/watch");
  watchRemembered();
}, 500);
