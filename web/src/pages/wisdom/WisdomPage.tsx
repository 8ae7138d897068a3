// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { Page } from "#/ui/Page";

export function WisdomPage() {
  const { t } = useLingui();
  return <Page title={t`Wisdom`}>{null}</Page>;
}
