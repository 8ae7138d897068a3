// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Heartbeat } from "./Heartbeat";
import { wisdom } from "./visit";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  i18n.loadAndActivate({ locale: "en", messages: {} });
  wisdom.setState({ phase: "subscribed", lastHeardAt: Date.now(), lastPingAt: Date.now() });
  render(
    <I18nProvider i18n={i18n}>
      <Heartbeat />
    </I18nProvider>,
  );
});
afterEach(() => {
  cleanup();
  wisdom.setState(wisdom.getInitialState());
  vi.useRealTimers();
});

const pass = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1000));
const heartbeat = () => screen.getByRole("group", { name: "Heartbeat" });

test("in silence the line is well, then late, then lost, and says for how long nothing has come", () => {
  pass(11);
  expect(heartbeat().dataset.pulse).toBe("well");
  expect(screen.queryByText(/No data/)).toBeNull();
  pass(1);
  expect(heartbeat().dataset.pulse).toBe("late");
  expect(screen.getByText("No data for 12 s")).toBeTruthy();
  pass(10);
  expect(heartbeat().dataset.pulse).toBe("lost");
  expect(screen.getByText("No data for 22 s").closest(".text-bad")).toBeTruthy();
});

test("a word of the server makes the line well again", () => {
  pass(15);
  act(() => wisdom.setState({ lastHeardAt: Date.now() }));
  expect(heartbeat().dataset.pulse).toBe("well");
  pass(12);
  expect(screen.getByText("No data for 12 s")).toBeTruthy();
});

test("the age of the last ping grows", () => {
  pass(4);
  expect(screen.getByText("Ping 4 s ago")).toBeTruthy();
});
