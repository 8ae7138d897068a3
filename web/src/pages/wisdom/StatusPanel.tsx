// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { BellRing, CircleCheck, LoaderCircle, type LucideIcon, Plug } from "lucide-react";
import { useStore } from "zustand";
import { Badge, type Tone } from "#/ui/Badge";
import { CopyButton } from "#/ui/copy";
import { ShortId } from "#/ui/ShortId";
import type { Phase } from "./session";
import { wisdom } from "./visit";

const looks: Record<Phase, { tone: Tone; icon: LucideIcon; spinning: boolean }> = {
  connecting: { tone: "wait", icon: Plug, spinning: false },
  registered: { tone: "busy", icon: CircleCheck, spinning: false },
  subscribing: { tone: "queue", icon: LoaderCircle, spinning: true },
  subscribed: { tone: "ok", icon: BellRing, spinning: false },
};

/** The state of the session, and the client's id. */
export function StatusPanel() {
  const { t } = useLingui();
  const phase = useStore(wisdom, (store) => store.phase);
  const id = useStore(wisdom, (store) => store.id);
  const labels: Record<Phase, string> = {
    connecting: t`Connecting…`,
    registered: t`Registered`,
    subscribing: t`Subscribing…`,
    subscribed: t`Subscribed`,
  };
  const { tone, icon, spinning } = looks[phase];
  return (
    <div className="flex min-h-7 min-w-0 items-center gap-2">
      <span role="status" data-phase={phase}>
        <Badge tone={tone} icon={icon} spinning={spinning}>
          {labels[phase]}
        </Badge>
      </span>
      {id !== null && (
        <span role="group" aria-label={t`Your id`} className="flex min-w-0 items-center text-2xs text-soft">
          <ShortId id={id} />
          <CopyButton text={id} label={t`Copy your id`} />
        </span>
      )}
    </div>
  );
}
