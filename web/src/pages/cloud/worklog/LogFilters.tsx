// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { ChipGroup } from "#/ui/Chip";
import { SearchField } from "#/ui/SearchField";
import { type Address, type ChangeAddress, eventTypes } from "../store/address";
import type { EventType } from "../store/types";
import { eventWords } from "../store/words";

interface Props {
  address: Address;
  change: ChangeAddress;
  /** Stand beside the search. */
  buttons: ReactNode;
}

/** Which lines are shown; all of it is in the address. */
export function LogFilters({ address, change, buttons }: Props) {
  const { t } = useLingui();
  const { kinds } = address;
  const toggled = (kind: EventType) =>
    eventTypes.filter((each) => (each === kind ? !kinds.includes(each) : kinds.includes(each)));
  const ofOne = {
    key: "only",
    words: t`Only this instance`,
    on: address.only,
    press: () => change({ only: !address.only }),
  };
  return (
    <div className="flex flex-col gap-2 px-3 pb-3">
      <div className="flex gap-1">
        <SearchField
          label={t`Find in the Worklog`}
          placeholder={t`Find in the Worklog`}
          value={address.log}
          onChange={(log) => change({ log }, { replace: true })}
          className="flex-1"
        />
        {buttons}
      </div>
      <ChipGroup
        label={t`Kinds of lines`}
        chips={[
          ...(address.open === null ? [] : [ofOne]),
          ...eventTypes.map((kind) => ({
            key: kind,
            words: t(eventWords[kind]),
            on: kinds.includes(kind),
            press: () => change({ kinds: toggled(kind) }),
          })),
        ]}
      />
    </div>
  );
}
