// SPDX-License-Identifier: Apache-2.0
import type { Membership } from "./memory";
import type { User } from "./protocol";
import { atStart, type Reading } from "./reading";
import { emptyRoom, type Room } from "./room";

/** The server did not let this name in, or not now. */
export interface Refusal {
  code: string;
  name: string;
  suggestion: string;
}

export interface ChatState {
  /**
   *   nameless   a name has to be chosen
   *   entering   a name was chosen, the server has not answered
   *   returning  this tab had a membership before it was loaded
   *   inside     let in; whether the connection stands is the wire's matter
   */
  phase: "nameless" | "entering" | "returning" | "inside";
  /** Inside over the present connection: what is asked for is answered. */
  joined: boolean;
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
    phase: membership?.token ? "returning" : "nameless",
    joined: false,
    me: null,
    ids: new Set(membership?.ids),
    refusal: null,
    room: emptyRoom,
    reading: atStart,
    loadingOlder: false,
  };
}
