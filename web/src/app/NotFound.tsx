// SPDX-License-Identifier: Apache-2.0
import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { EmptyState } from "#/ui/EmptyState";
import { Page } from "#/ui/Page";

export function NotFound() {
  const { t } = useLingui();
  return (
    <Page title={t`Page not found`}>
      <EmptyState
        action={
          <Link to="/" className="text-sm text-accent underline underline-offset-4">
            <Trans>To the home page</Trans>
          </Link>
        }
      >
        <Trans>The portal has no page at this address.</Trans>
      </EmptyState>
    </Page>
  );
}
