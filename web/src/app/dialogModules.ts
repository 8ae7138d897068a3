// SPDX-License-Identifier: Apache-2.0
export { KeyList } from "./KeyList";
export { Palette } from "./Palette";
export { SettingsDialog } from "./SettingsDialog";
