// SPDX-License-Identifier: Apache-2.0
export { ReportsPage as default } from "./ReportsPage";
