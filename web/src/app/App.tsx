// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "react";
import { Route, Routes } from "react-router";
import { Announcer } from "#/ui/announcer";
import { Toasts } from "#/ui/toast";
import { NotFound } from "./NotFound";
import { pages } from "./pages";
import { Shell } from "./Shell";
import { watchForUpdates } from "./update";

export function App() {
  useEffect(watchForUpdates, []);
  return (
    <>
      <Routes>
        <Route element={<Shell />}>
          {pages.map(({ path, name, Content }) => (
            <Route key={name} path={path} element={<Content />} />
          ))}
          <Route path="*" element={<NotFound />} />
        </Route>
      </Routes>
      <Toasts />
      <Announcer />
    </>
  );
}
