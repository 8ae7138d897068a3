// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "react";
import { closeDialog, fetchDialogs, useDialogs } from "./dialogs";

/** From the first page to the dialogs' fetching, in ms. */
const settling = 500;

/** The dialog of the shell that is open. */
export function Dialogs() {
  const { asked, parts } = useDialogs();
  useEffect(() => {
    const timer = setTimeout(fetchDialogs, settling);
    return () => clearTimeout(timer);
  }, []);
  if (asked === null || parts === null) {
    return null;
  }
  const Shown = { settings: parts.SettingsDialog, keys: parts.KeyList, palette: parts.Palette }[asked];
  return <Shown onClose={closeDialog} />;
}
