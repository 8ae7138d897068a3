// SPDX-License-Identifier: Apache-2.0
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useEffect, useRef } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

interface Props {
  title: string;
  children: ReactNode;
  /** The words of the button that does it. */
  action: string;
  onConfirm: () => void;
  onClose: () => void;
  /** The words of the button that does not, where "Cancel" would be misread. */
  dismiss?: string;
  /** The danger cannot be confirmed yet. */
  off?: boolean;
}

/** Asks before something that cannot be undone; Cancel has the focus. */
export function ConfirmDialog({ title, children, action, onConfirm, onClose, dismiss, off = false }: Props) {
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  return (
    <Dialog title={title} onClose={onClose} alert>
      <div className="text-sm text-soft">{children}</div>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={cancel} onClick={onClose}>
          {dismiss ?? <Trans>Cancel</Trans>}
        </Button>
        <Button kind="danger" off={off} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
