// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { useNavigate } from "react-router";
import { Button } from "#/ui/Button";
import { CopyButton } from "#/ui/copy";
import { ShortId } from "#/ui/ShortId";
import { leave } from "../store/user";

/** The user of the reports, and a button to change it. */
export function UserLine({ user }: { user: string }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const change = () => {
    leave();
    navigate("/reports");
  };
  return (
    <div className="flex min-w-0 max-w-full items-center gap-x-1.5 text-xs text-soft">
      <span className="shrink-0 max-sm:sr-only">
        <Trans>User ID:</Trans>
      </span>
      <span className="flex min-w-0 items-center gap-0.5">
        <ShortId id={user} className="text-ink" />
        <CopyButton text={user} label={t`Copy the user ID`} />
      </span>
      <Button kind="quiet" size="small" onClick={change}>
        <Trans>Change user</Trans>
      </Button>
    </div>
  );
}
