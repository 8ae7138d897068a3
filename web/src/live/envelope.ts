// SPDX-License-Identifier: Apache-2.0
import { parseCursor } from "./cursor";
import type { LiveEvent } from "./types";

/** An event as `envelope=json` brings it; null: not one of ours. */
export function parseEnvelope(text: string, id: string): LiveEvent | null {
  const cursor = parseCursor(id);
  const fields = parseObject(text);
  const { topic, epoch, offset, type, time, data } = fields;
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  const whole =
    typeof topic === "string" &&
    typeof epoch === "string" &&
    typeof offset === "number" &&
    typeof type === "string" &&
    typeof data === "string";
  return cursor && whole && !Number.isNaN(at) ? { topic, epoch, offset, type, time: at, data, cursor } : null;
}

/** A member of an object that is text; "" where there is none. */
export function textIn(text: string, member: string): string {
  const value = parseObject(text)[member];
  return typeof value === "string" ? value : "";
}

/** A member that is a number; 0 where there is none. */
export function numberIn(text: string, member: string): number {
  const value = parseObject(text)[member];
  return typeof value === "number" ? value : 0;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === "object" ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
