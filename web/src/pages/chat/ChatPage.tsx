// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";

export function ChatPage() {
  const { t } = useLingui();
  return <Page title={t`Chat`}>{null}</Page>;
}
