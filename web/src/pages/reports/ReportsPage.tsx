// SPDX-License-Identifier: Apache-2.0
import { useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { useParams } from "react-router";
import { Page } from "#/ui/Page";
import { Details } from "./details/Details";
import { Entry } from "./entry/Entry";
import { UserLine } from "./entry/UserLine";
import { ReportList } from "./list/ReportList";
import { followReports } from "./store/followReports";
import { useReports } from "./store/reports";
import { useUser } from "./store/user";

export function ReportsPage() {
  const user = useUser((store) => store.user);
  return user === null ? <Entry /> : <Reports key={user} user={user} />;
}

function Reports({ user }: { user: string }) {
  const { t } = useLingui();
  const { id } = useParams();
  const shown = useReports((store) => store.user);
  useEffect(() => followReports(user), [user]);
  return (
    <Page title={t`Reports`} fill actions={<UserLine user={user} />}>
      {shown === user && (
        <div className="flex min-h-0 flex-1 gap-4">
          <ReportList user={user} open={id ?? null} className={id && "max-lg:hidden"} />
          {id && <Details user={user} id={id} className="w-full lg:w-[27rem] lg:shrink-0" />}
        </div>
      )}
    </Page>
  );
}
