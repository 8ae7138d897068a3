// SPDX-License-Identifier: Apache-2.0
export { HomePage as default } from "./HomePage";
