// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Pause, Play, X } from "lucide-react";
import { IconButton } from "#/ui/Button";
import { useJustChanged } from "#/ui/justChanged";
import { obstacleLabels, shortId } from "../store/labels";
import { type Action, obstacleTo } from "../store/legality";
import { runAction } from "../store/sending";
import type { Instance, OperationKind } from "../store/types";
import { askToDelete } from "./deleting";

interface Props {
  instance: Instance;
  /** The running operation, confirmed or not. */
  running: OperationKind | null;
  tabIndex?: number;
}

/** The buttons of an instance: start or stop, and delete. A disabled one shows why. */
export function Actions({ instance, running, tabIndex = 0 }: Props) {
  const { t } = useLingui();
  const id = shortId(instance.id);
  const reason = (action: Action) => {
    const obstacle = obstacleTo(action, instance.state, running);
    return obstacle === null ? undefined : t(obstacleLabels[obstacle]);
  };
  const isRunning = instance.state === "running";
  const toggle = isRunning ? "stop" : "start";
  const justChanged = useJustChanged(toggle);
  return (
    <div className="-ml-2.5 flex items-center gap-1">
      <IconButton
        label={isRunning ? t`Stop ${id}` : t`Start ${id}`}
        reason={reason(toggle)}
        off={justChanged}
        tabIndex={tabIndex}
        onClick={() => void runAction(toggle, instance.id)}
      >
        {isRunning ? (
          <Pause aria-hidden className="size-4.5 fill-current" />
        ) : (
          <Play aria-hidden className="size-4.5 fill-current" />
        )}
      </IconButton>
      <IconButton
        label={t`Delete ${id}`}
        reason={reason("remove")}
        tabIndex={tabIndex}
        onClick={() => askToDelete([instance.id])}
      >
        <X aria-hidden strokeWidth={3} className="size-4.5" />
      </IconButton>
    </div>
  );
}
