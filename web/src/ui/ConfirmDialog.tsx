// SPDX-License-Identifier: Apache-2.0
import { Trans } from "@lingui/react/macro";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { useJustChanged } from "./justChanged";

interface Props {
  title: string;
  children: ReactNode;
  /** The label of the button that confirms. */
  action: string;
  onConfirm: () => void;
  onClose: () => void;
  /** The label of the button that cancels, where "Cancel" would be misread. */
  dismiss?: string;
  /** It cannot be confirmed yet. */
  off?: boolean;
}

/** Asks before something that cannot be undone; Cancel has the focus. */
export function ConfirmDialog({ title, children, action, onConfirm, onClose, dismiss, off = false }: Props) {
  const cancel = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  // The dialog was opened by a click; the second one of a double click must not confirm.
  const justChanged = useJustChanged(opened);
  useEffect(() => {
    setOpened(true);
    cancel.current?.focus();
  }, []);
  return (
    <Dialog title={title} onClose={onClose} alert>
      <div className="text-sm text-soft">{children}</div>
      <div className="mt-6 flex flex-wrap justify-end gap-2">
        <Button ref={cancel} onClick={onClose}>
          {dismiss ?? <Trans>Cancel</Trans>}
        </Button>
        <Button kind="danger" off={off || justChanged} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
