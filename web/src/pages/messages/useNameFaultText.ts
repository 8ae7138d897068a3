// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import type { NameFault } from "./topicName";

/** Why a user name is invalid, as text. */
export function useNameFaultText(): (fault: NameFault) => string {
  const { t } = useLingui();
  return (fault) =>
    ({
      empty: t`Type a user name.`,
      too_long: t`The name is too long.`,
      dots: t`A name cannot be only dots.`,
    })[fault];
}
