// SPDX-License-Identifier: Apache-2.0
export { CloudPage as default } from "./CloudPage";
