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
import type { ConnectionStatus } from "#/transport/types";
import { Time } from "#/ui/Time";

const start = new Date(2026, 10, 21, 23, 59, 30).getTime();
const stale: ConnectionStatus = {
  state: "stale",
  attempt: 0,
  retryAt: null,
  lostAt: null,
  lastReceivedAt: start - 25_000,
  restarting: false,
  reason: null,
  rtt: null,
  pingedAt: null,
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
  useConnections.setState({ statuses: {}, unanswered: {} });
});

test("the indicator counts the seconds of a silence in which nothing else changes", () => {
  useConnections.setState({ statuses: { stream: stale } });
  show(<Indicator />);
  expect(screen.getByRole("group").textContent).toBe("No data for 25 s");
  act(() => vi.advanceTimersByTime(10_000));
  expect(screen.getByRole("group").textContent).toBe("No data for 35 s");
});

test("the indicator shows an unanswered request, also while the stream brings events", () => {
  useConnections.setState({ statuses: { stream: { ...stale, state: "live" } }, unanswered: { requests: start } });
  show(<Indicator />);
  act(() => vi.advanceTimersByTime(7000));
  expect(screen.getByRole("group").dataset.connection).toBe("live");
  act(() => vi.advanceTimersByTime(1000));
  expect(screen.getByRole("group").textContent).toBe("No answer for 8 s");
  expect(screen.getByRole("group").dataset.connection).toBe("unanswered");
  act(() => useConnections.setState({ unanswered: { requests: null } }));
  expect(screen.getByRole("group").textContent).toBe("Live");
});

test("a ping without its pong is a question without an answer, too", () => {
  useConnections.setState({ statuses: { chat: { ...stale, state: "live", pingedAt: start - 9000 } } });
  show(<Indicator />);
  expect(screen.getByRole("group").textContent).toBe("No answer for 9 s");
});

test("the wisdom's heartbeat becomes late, then lost, in silence", () => {
  wisdom.setState({ phase: "subscribed", lastActivityAt: start, unansweredSince: start, lastPingAt: start });
  const pulse = () => screen.getByRole("group").dataset.pulse;
  show(<Heartbeat />);
  expect(pulse()).toBe("well");
  act(() => vi.advanceTimersByTime(9000));
  expect(pulse()).toBe("late");
  expect(screen.getByText("Ping 9 s ago")).toBeTruthy();
  act(() => vi.advanceTimersByTime(3000));
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
