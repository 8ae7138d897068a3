// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { clsx } from "clsx";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useConnections } from "#/live/connections";
import { Panel } from "#/ui/Panel";
import { countByStatus, matching } from "../model/arrange";
import { isFiltered, paramsOf, type Query, queryFrom, withStatusToggled } from "../model/query";
import { useReports } from "../store/reports";
import { Bulk } from "./Bulk";
import { Chips } from "./Chips";
import { CreateButton } from "./CreateButton";
import { CreationError } from "./CreationError";
import { EmptyList, ListError, ListSkeleton, NothingFound } from "./ListStates";
import { NewRows } from "./NewRows";
import { Table } from "./Table";
import { Toolbar } from "./Toolbar";
import { useListKeys } from "./useListKeys";
import { useRows } from "./useRows";

interface Props {
  user: string;
  /** The report whose details are open. */
  open: string | null;
  className?: string | undefined;
}

export function ReportList({ user, open, className }: Props) {
  const { t } = useLingui();
  const [params, setParams] = useSearchParams();
  const query = queryFrom(params);
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  const [topCall, setTopCall] = useState(0);
  const { rows, showWaiting } = useRows(query, isPointed || isFocused || isScrolled || open !== null);
  const { active, setActive, step, focusCall } = useListKeys(rows, open);
  const reports = useReports((store) => store.reports);
  const ready = useReports((store) => store.ready);
  const error = useReports((store) => store.error);
  const isCut = useConnections(({ statuses }) => ["retrying", "offline"].includes(statuses.stream?.state ?? ""));

  // Typing a search replaces the history entry; other filters add one.
  const change = (next: Query) => setParams(paramsOf(next, params), { replace: next.text !== query.text });
  const toTop = () => {
    showWaiting();
    // The focused button is removed.
    setFocused(false);
    setTopCall(topCall + 1);
  };

  return (
    <Panel
      title={t`Report status`}
      className={clsx("min-h-[28rem] min-w-0 flex-1 overflow-hidden", className)}
      actions={
        // An empty list has the button in its middle.
        (!ready || reports.size > 0) && <CreateButton />
      }
    >
      <CreationError />
      {reports.size > 0 && (
        <div className="flex shrink-0 flex-col gap-3 px-4 pt-1 pb-3">
          <Toolbar query={query} onChange={change} />
          <Chips
            counts={countByStatus(reports)}
            chosen={query.statuses}
            onToggle={(status) => change(withStatusToggled(query, status))}
            onAll={() => change({ ...query, statuses: [] })}
          />
          {isFiltered(query) && <Bulk reports={matching(reports, query)} />}
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only watches whether somebody is reading */}
      <div
        className={clsx("relative flex min-h-0 flex-1 flex-col transition-opacity", isCut && "opacity-80")}
        // A touch counts while it lasts: no row may move under it.
        onPointerEnter={() => setPointed(true)}
        onPointerLeave={() => setPointed(false)}
        onFocus={() => setFocused(true)}
        onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      >
        {content()}
      </div>
    </Panel>
  );

  function content() {
    if (!ready) {
      return error ? <ListError error={error} /> : <ListSkeleton />;
    }
    if (reports.size === 0) {
      return <EmptyList user={user} />;
    }
    if (rows.ids.length === 0) {
      return <NothingFound onClear={() => change({ ...query, statuses: [], text: "" })} />;
    }
    return (
      <>
        {rows.waiting > 0 && <NewRows count={rows.waiting} onShow={toTop} />}
        <Table
          rows={rows}
          active={active}
          open={open}
          focusCall={focusCall}
          onActive={setActive}
          onStep={step}
          onScrolled={setScrolled}
          topCall={topCall}
        />
      </>
    );
  }
}
