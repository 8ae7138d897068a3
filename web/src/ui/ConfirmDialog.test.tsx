// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { ConfirmDialog } from "./ConfirmDialog";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("the second click of a double click that asked does not confirm", () => {
  vi.useFakeTimers();
  i18n.loadAndActivate({ locale: "en", messages: {} });
  const confirmed = vi.fn();
  render(
    <I18nProvider i18n={i18n}>
      <ConfirmDialog title="Delete it?" action="Delete" onConfirm={confirmed} onClose={() => {}}>
        This cannot be undone.
      </ConfirmDialog>
    </I18nProvider>,
  );
  fireEvent.click(screen.getByRole("button", { name: "Delete", hidden: true }));
  expect(confirmed).not.toHaveBeenCalled();
  act(() => vi.advanceTimersByTime(500));
  fireEvent.click(screen.getByRole("button", { name: "Delete", hidden: true }));
  expect(confirmed).toHaveBeenCalledOnce();
});
