// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "react";
import { closeDialog, fetchDialogs, useDialogs } from "./dialogs";

/** From the first page to fetching the dialogs, in ms. */
const fetchDelay = 500;

/** The dialog of the shell that is open. */
export function Dialogs() {
  const { requested, modules } = useDialogs();
  useEffect(() => {
    const timer = setTimeout(fetchDialogs, fetchDelay);
    return () => clearTimeout(timer);
  }, []);
  if (requested === null || modules === null) {
    return null;
  }
  const Shown = { settings: modules.SettingsDialog, keys: modules.KeyList, palette: modules.Palette }[requested];
  return <Shown onClose={closeDialog} />;
}
