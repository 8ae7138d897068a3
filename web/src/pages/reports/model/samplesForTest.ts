// SPDX-License-Identifier: Apache-2.0
import { randomOf } from "#/transport/fakesForTest";
import type { FullReport, Move, Report, ReportEvent } from "./report";
import { movesFrom, type Status } from "./status";

export const user = "d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10";
export const start = Date.parse("2026-11-21T09:00:00.000Z");

export function idOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** The moves through these states, one every ten seconds. */
function movesThrough(states: readonly Status[], from = start): Move[] {
  let attempt = 0;
  return states.map((status, i) => {
    attempt += status === "pending" ? 1 : 0;
    const actor =
      status === "canceled" || status === "pending" ? { by: user, via: "api" } : { by: "kafka", via: "kafka" };
    return { status, at: new Date(from + i * 10_000).toISOString(), ...actor, attempt };
  });
}

/** A report that went through these states. */
export function reportThrough(states: readonly Status[], n = 1, from = start): FullReport & Report {
  const history = movesThrough(states, from);
  const last = history.at(-1);
  const first = history[0];
  if (!first || !last) {
    throw new Error("a report has at least one state");
  }
  return {
    id: idOf(n),
    userId: user,
    status: last.status,
    attempt: last.attempt,
    version: history.length,
    createdAt: first.at,
    updatedAt: last.at,
    allowed: movesFrom(last.status),
    history,
  };
}

/** The events of a report that went through these states. */
export function eventsOf(states: readonly Status[], n = 1, from = start): ReportEvent[] {
  return states.map((_, i) => {
    const { history, ...picture } = reportThrough(states.slice(0, i + 1), n, from);
    const move = history[i];
    if (!move) {
      throw new Error("every version has a move");
    }
    return { ...picture, move };
  });
}

/** A seeded random generator: whole numbers below a limit. */
export function chance(seed: number): (below: number) => number {
  const random = randomOf(seed);
  return (below) => Math.floor(random() * below);
}

export function shuffled<T>(list: readonly T[], random: (below: number) => number): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/** A random sequence of valid moves. */
export function randomLife(random: (below: number) => number): Status[] {
  const states: Status[] = ["pending"];
  for (let moves = random(12); moves > 0; moves--) {
    const next = movesFrom(states.at(-1) ?? "pending");
    const status = next[random(next.length)];
    if (!status) {
      break;
    }
    states.push(status);
  }
  return states;
}
