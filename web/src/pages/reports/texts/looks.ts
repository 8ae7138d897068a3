// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Ban, CircleCheck, CircleX, Clock, Layers, LoaderCircle, type LucideIcon } from "lucide-react";
import type { Tone } from "#/ui/Badge";
import type { Status } from "../model/status";

interface Look {
  word: MessageDescriptor;
  icon: LucideIcon;
  tone: Tone;
}

/** How each state is drawn and called, everywhere on this page. */
export const looks: Record<Status, Look> = {
  pending: { word: msg`pending`, icon: Clock, tone: "wait" },
  queued: { word: msg`queued`, icon: Layers, tone: "queue" },
  processing: { word: msg`processing`, icon: LoaderCircle, tone: "busy" },
  completed: { word: msg`completed`, icon: CircleCheck, tone: "ok" },
  failed: { word: msg`failed`, icon: CircleX, tone: "bad" },
  canceled: { word: msg`canceled`, icon: Ban, tone: "idle" },
};

/** The first letters of an id, for sentences. */
export function shortOf(id: string): string {
  return `${id.slice(0, 8)}…`;
}
