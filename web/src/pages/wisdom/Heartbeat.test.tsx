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
  wisdom.setState({
    phase: "subscribed",
    lastActivityAt: Date.now(),
    lastPingAt: Date.now(),
    unansweredSince: Date.now(),
  });
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

test("without an answer it is well, then late, then lost and red, and says for how long", () => {
  pass(7);
  expect(heartbeat().dataset.pulse).toBe("well");
  expect(screen.queryByText(/No (data|answer)/)).toBeNull();
  pass(1);
  expect(heartbeat().dataset.pulse).toBe("late");
  expect(screen.getByText("No answer for 8 s")).toBeTruthy();
  pass(4);
  expect(heartbeat().dataset.pulse).toBe("lost");
  expect(screen.getByText("No data for 12 s").closest(".text-bad")).toBeTruthy();
});

test("it is not green while there is no connection", () => {
  expect(heartbeat().dataset.pulse).toBe("well");
  act(() => wisdom.setState({ phase: "connecting", lastPingAt: null }));
  expect(heartbeat().dataset.pulse).toBe("none");
});

test("it stays red while another connection is tried", () => {
  pass(13);
  act(() => wisdom.setState({ phase: "connecting", lastPingAt: null }));
  pass(1);
  expect(screen.getByText("No data for 14 s").closest(".text-bad")).toBeTruthy();
});

test("a sign of the server makes it well again", () => {
  pass(15);
  act(() => wisdom.setState({ lastActivityAt: Date.now(), unansweredSince: null }));
  expect(heartbeat().dataset.pulse).toBe("well");
  pass(20);
  expect(heartbeat().dataset.pulse).toBe("well");
});

test("the age of the last ping grows", () => {
  pass(4);
  expect(screen.getByText("Ping 4 s ago")).toBeTruthy();
});
