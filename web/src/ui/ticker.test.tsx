// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Indicator } from "#/app/Indicator";
import { useConnections } from "#/live/connections";
import { DayLabel } from "#/pages/chat/MessageRow";
import { Heartbeat } from "#/pages/wisdom/Heartbeat";
import { wisdom } from "#/pages/wisdom/visit";
import type { Connection } from "#/transport/types";
import { Time } from "./Time";

const start = new Date(2026, 10, 21, 23, 59, 30).getTime();
const stale: Connection = {
  state: "stale",
  attempt: 0,
  retryAt: null,
  lostAt: null,
  lastHeardAt: start - 25_000,
  restarting: false,
  reason: null,
  rtt: null,
  clockOffset: null,
  recovery: null,
};

function show(what: ReactNode) {
  return render(<I18nProvider i18n={i18n}>{what}</I18nProvider>).container;
}

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  i18n.loadAndActivate({ locale: "en", messages: {} });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  useConnections.setState({ states: {} });
});

test("the indicator counts the seconds of a silence in which nothing else changes", () => {
  useConnections.setState({ states: { stream: stale } });
  show(<Indicator />);
  expect(screen.getByRole("group").textContent).toBe("No data for 25 s");
  act(() => vi.advanceTimersByTime(10_000));
  expect(screen.getByRole("group").textContent).toBe("No data for 35 s");
});

test("the wisdom's heartbeat becomes late, then lost, in silence", () => {
  wisdom.setState({ phase: "subscribed", lastHeardAt: start, lastPingAt: start });
  const pulse = () => screen.getByRole("group").dataset.pulse;
  show(<Heartbeat />);
  expect(pulse()).toBe("well");
  act(() => vi.advanceTimersByTime(13_000));
  expect(pulse()).toBe("late");
  expect(screen.getByText("Ping 13 s ago")).toBeTruthy();
  act(() => vi.advanceTimersByTime(10_000));
  expect(pulse()).toBe("lost");
});

test("what was written today is of yesterday once midnight has passed", () => {
  const label = show(<DayLabel at={start - 3_600_000} />);
  expect(label.textContent).toBe("Today");
  act(() => vi.advanceTimersByTime(60_000));
  expect(label.textContent).toBe("Yesterday");
});

test("a time is counted in seconds for a minute, and goes on after it", () => {
  const time = show(<Time at={start} />);
  act(() => vi.advanceTimersByTime(12_000));
  expect(time.textContent).toMatch(/^12 sec/);
  act(() => vi.advanceTimersByTime(120_000));
  expect(time.textContent).toMatch(/^2 min/);
});
