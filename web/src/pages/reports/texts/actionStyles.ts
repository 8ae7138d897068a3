// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { type LucideIcon, RotateCcw, X } from "lucide-react";
import type { Action } from "../model/status";

interface ActionStyle {
  icon: LucideIcon;
  label: MessageDescriptor;
  /** While the request is pending. */
  pendingLabel: MessageDescriptor;
  /** Why it is disabled. */
  disabledReason: MessageDescriptor;
}

/** Icons and labels of the two actions. */
export const actionStyles: Record<Action, ActionStyle> = {
  cancel: {
    icon: X,
    label: msg`Cancel the report`,
    pendingLabel: msg`Canceling…`,
    disabledReason: msg`The report is not in progress.`,
  },
  retry: {
    icon: RotateCcw,
    label: msg`Retry the report`,
    pendingLabel: msg`Retrying…`,
    disabledReason: msg`The report has not ended yet.`,
  },
};
