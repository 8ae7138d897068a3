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
import { retryableImport } from "#/transport/retryableImport";
import { trackPrinting } from "#/ui/printing";
import "./styles.css";

const texts = activate(useSettings.getState().locale);
// In parallel with the shell's texts. Where it fails, the error boundary shows it when the page is rendered.
pageAt(window.location.pathname)
  ?.fetch()
  .catch(() => undefined);
await texts;

trackPrinting();
const root = document.getElementById("root");
if (!root) {
  throw new Error("index.html has no #root");
}
// In time slices, between which the browser can handle input.
startTransition(() =>
  createRoot(root).render(
    <I18nProvider i18n={i18n}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </I18nProvider>,
  ),
);

/** What can wait for the first render: counting unread messages on every page, and copying times in ISO. */
const loadWatch = retryableImport(() => import("#/pages/messages/watch"), "openSavedInbox");
const loadSelectedText = retryableImport(() => import("#/ui/selectedText"), "copyTimesAsIso");

async function startLater(): Promise<void> {
  const [{ openSavedInbox }, { copyTimesAsIso }] = await Promise.all([loadWatch(), loadSelectedText()]);
  openSavedInbox();
  copyTimesAsIso();
}

/** Until it succeeds: the server may be away just then. */
function startLaterIn(pause: number): void {
  setTimeout(() => startLater().catch(() => startLaterIn(10_000)), pause);
}

startLaterIn(500);
