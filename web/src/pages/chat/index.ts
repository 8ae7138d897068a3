// SPDX-License-Identifier: Apache-2.0
export { ChatPage as default } from "./ChatPage";
