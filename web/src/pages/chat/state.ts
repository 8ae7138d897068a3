// SPDX-License-Identifier: Apache-2.0
import type { Membership } from "./chatStorage";
import type { User } from "./protocol";
import { initialReading, type Reading } from "./reading";
import { emptyRoom, type Room } from "./room";

/** The server refused the registration. */
export interface Refusal {
  code: string;
  name: string;
  suggestion: string;
}

export interface ChatState {
  /**
   *   unregistered  a name has to be chosen
   *   registering   a name was chosen, the server has not answered
   *   rejoining     this tab had a membership before it was loaded
   *   registered    a member of the room; whether the connection is open is `connected`
   */
  phase: "unregistered" | "registering" | "rejoining" | "registered";
  /** Registered on the current connection: requests are answered. */
  connected: boolean;
  me: User | null;
  /** All ids this tab has had. */
  ids: ReadonlySet<string>;
  refusal: Refusal | null;
  room: Room;
  reading: Reading;
  loadingOlder: boolean;
}

export function firstState(membership: Membership | null): ChatState {
  return {
    phase: membership?.token ? "rejoining" : "unregistered",
    connected: false,
    me: null,
    ids: new Set(membership?.ids),
    refusal: null,
    room: emptyRoom,
    reading: initialReading,
    loadingOlder: false,
  };
}
