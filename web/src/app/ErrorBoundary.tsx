// SPDX-License-Identifier: Apache-2.0
import { Trans } from "@lingui/react/macro";
import { Component, type ReactNode } from "react";
import { Button } from "#/ui/Button";
import { EmptyState } from "#/ui/EmptyState";

/** Contains the failure of a page, or of its loading after an update of the server. Each page has its own (`key`). */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) {
      return this.props.children;
    }
    return (
      <EmptyState
        action={
          <Button kind="primary" onClick={() => window.location.reload()}>
            <Trans>Reload</Trans>
          </Button>
        }
      >
        <Trans>This page could not be shown. What you wrote is kept.</Trans>
      </EmptyState>
    );
  }
}
