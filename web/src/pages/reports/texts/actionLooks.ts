// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { type LucideIcon, RotateCcw, X } from "lucide-react";
import type { Action } from "../model/status";

interface ActionLook {
  icon: LucideIcon;
  word: MessageDescriptor;
  /** While the server has not answered. */
  waiting: MessageDescriptor;
}

/** How the two actions are drawn and called. */
export const actionLooks: Record<Action, ActionLook> = {
  cancel: { icon: X, word: msg`Cancel the report`, waiting: msg`Canceling…` },
  retry: { icon: RotateCcw, word: msg`Retry the report`, waiting: msg`Retrying…` },
};
