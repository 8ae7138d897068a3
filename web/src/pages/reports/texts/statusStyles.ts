// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Ban, CircleCheck, CircleX, Clock, Layers, LoaderCircle, type LucideIcon } from "lucide-react";
import type { Tone } from "#/ui/Badge";
import type { Status } from "../model/status";

interface StatusStyle {
  label: MessageDescriptor;
  icon: LucideIcon;
  tone: Tone;
}

/** Icon, label and colour of each state, everywhere on this page. */
export const statusStyles: Record<Status, StatusStyle> = {
  pending: { label: msg`pending`, icon: Clock, tone: "wait" },
  queued: { label: msg`queued`, icon: Layers, tone: "queue" },
  processing: { label: msg`processing`, icon: LoaderCircle, tone: "busy" },
  completed: { label: msg`completed`, icon: CircleCheck, tone: "ok" },
  failed: { label: msg`failed`, icon: CircleX, tone: "bad" },
  canceled: { label: msg`canceled`, icon: Ban, tone: "idle" },
};

/** The first letters of an id, for sentences. */
export function shortOf(id: string): string {
  return `${id.slice(0, 8)}…`;
}
