// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react";
import { Badge } from "#/ui/Badge";
import type { Status } from "./model/status";
import { looks } from "./texts/looks";

export function StatusBadge({ status }: { status: Status }) {
  const { _ } = useLingui();
  const { word, icon, tone } = looks[status];
  return (
    <Badge tone={tone} icon={icon} spinning={status === "processing"}>
      {_(word)}
    </Badge>
  );
}
