// SPDX-License-Identifier: Apache-2.0
export { WisdomPage as default } from "./WisdomPage";
