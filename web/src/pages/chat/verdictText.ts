// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useErrorWords } from "#/i18n/errors";
import type { NameCheck } from "./nameCheck";

/** Why a name is not available, as text. */
export function useVerdictText(): (check: NameCheck) => string {
  const errorWords = useErrorWords();
  const { t } = useLingui();
  return ({ name, verdict }) => {
    switch (verdict) {
      case "taken":
        return t`Somebody here is called ${name} already. Choose another one.`;
      case "confusable":
        return t`${name} looks like a nickname that is taken or reserved. Choose another one.`;
      case "reserved":
        return t`This nickname is reserved. Choose another one.`;
      case "invalid":
        return t`A nickname has 1 to 32 visible characters, among them a letter or a number.`;
      case "limit_reached":
        return t`The room is full. Try again later.`;
      default:
        return errorWords(verdict);
    }
  };
}
