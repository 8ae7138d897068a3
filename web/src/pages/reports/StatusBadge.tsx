// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react";
import { Badge } from "#/ui/Badge";
import type { Status } from "./model/status";
import { statusStyles } from "./texts/statusStyles";

export function StatusBadge({ status }: { status: Status }) {
  const { _ } = useLingui();
  const { label, icon, tone } = statusStyles[status];
  return (
    <Badge tone={tone} icon={icon} spinning={status === "processing"}>
      {_(label)}
    </Badge>
  );
}
