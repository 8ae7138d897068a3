// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer } from "./announcer";
import { Dialog } from "./Dialog";
import { Toasts, toast, useToasts } from "./toast";

function tree(dialog: ReactNode) {
  return (
    <I18nProvider i18n={i18n}>
      <Announcer />
      <Toasts />
      {dialog}
    </I18nProvider>
  );
}

beforeEach(() => {
  i18n.loadAndActivate({ locale: "en", messages: {} });
  useToasts.setState({ shown: [] });
});
afterEach(cleanup);

test("announcements and toasts are inside the open dialog, which makes all else inert", () => {
  act(() => toast({ tone: "ok", text: "Sent" }));
  const { rerender } = render(tree(<Dialog title="Name">…</Dialog>));
  const dialog = screen.getByRole("dialog");
  expect(dialog.contains(screen.getByRole("status"))).toBe(true);
  expect(dialog.contains(screen.getByText("Sent"))).toBe(true);
  rerender(tree(null));
  expect(screen.getByRole("status").parentElement).toBe(document.body);
  expect(screen.getByText("Sent")).toBeTruthy();
});

test("a dialog that the browser closes without asking is closed for the page, too", () => {
  const onClose = vi.fn();
  render(
    tree(
      <Dialog title="Name" onClose={onClose}>
        …
      </Dialog>,
    ),
  );
  fireEvent(screen.getByRole("dialog"), new Event("close"));
  expect(onClose).toHaveBeenCalled();
});
