// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { ChipGroup } from "#/ui/Chip";
import { SearchField } from "#/ui/SearchField";
import { type Address, type ChangeAddress, eventTypes } from "../store/address";
import { eventLabels } from "../store/labels";
import type { EventType } from "../store/types";

interface Props {
  address: Address;
  change: ChangeAddress;
  /** Shown beside the search. */
  buttons: ReactNode;
}

/** The filters of the lines; all of them are in the URL. */
export function LogFilters({ address, change, buttons }: Props) {
  const { t } = useLingui();
  const { kinds } = address;
  const toggled = (kind: EventType) =>
    eventTypes.filter((each) => (each === kind ? !kinds.includes(each) : kinds.includes(each)));
  const ofOne = {
    key: "only",
    label: t`Only this instance`,
    on: address.only,
    onPress: () => change({ only: !address.only }),
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
            label: t(eventLabels[kind]),
            on: kinds.includes(kind),
            onPress: () => change({ kinds: toggled(kind) }),
          })),
        ]}
      />
    </div>
  );
}
