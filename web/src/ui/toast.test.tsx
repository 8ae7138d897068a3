// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Toasts, toast, useToasts } from "./toast";

beforeEach(() => {
  vi.useFakeTimers();
  i18n.loadAndActivate({ locale: "en", messages: {} });
  useToasts.setState({ shown: [] });
  render(
    <I18nProvider i18n={i18n}>
      <Toasts />
    </I18nProvider>,
  );
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("of four toasts the oldest gives way", () => {
  act(() => {
    for (const text of ["one", "two", "three", "four"]) {
      toast({ tone: "ok", text });
    }
  });
  expect(screen.queryByText("one")).toBeNull();
  expect(screen.getByText("two")).toBeTruthy();
  expect(screen.getByText("four")).toBeTruthy();
});

test("a toast goes by itself, but not while somebody points at it", () => {
  act(() => toast({ tone: "bad", text: "It failed" }));
  const box = screen.getByText("It failed").closest("[data-toast]") as HTMLElement;
  fireEvent.pointerEnter(box);
  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.getByText("It failed")).toBeTruthy();
  fireEvent.pointerLeave(box);
  act(() => vi.advanceTimersByTime(60_000));
  expect(screen.queryByText("It failed")).toBeNull();
});

test("a toast does not take the focus", () => {
  const before = document.activeElement;
  act(() => toast({ tone: "bad", text: "It failed", details: "busy" }));
  expect(document.activeElement).toBe(before);
});

test("its action is done once, and the toast goes", () => {
  const again = vi.fn();
  act(() => toast({ tone: "bad", text: "It failed", action: { label: "Try again", run: again } }));
  act(() => vi.advanceTimersByTime(500));
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(again).toHaveBeenCalledTimes(1);
  expect(screen.queryByText("It failed")).toBeNull();
});

test("its action does not take the second click of what it came upon", () => {
  const undo = vi.fn();
  act(() => toast({ tone: "ok", text: "It is done", action: { label: "Undo", run: undo } }));
  fireEvent.click(screen.getByRole("button", { name: "Undo" }));
  fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  expect(undo).not.toHaveBeenCalled();
  expect(screen.getByText("It is done")).toBeTruthy();
});
