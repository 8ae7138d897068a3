// SPDX-License-Identifier: Apache-2.0
// A client of the original command server, on the endpoint `cloud-commands`.

import { expect } from 'vitest';
import { command, list } from './cloud.ts';
import { RawSse } from './raw_sse.ts';
import type { Address, Reply } from './verbs.ts';

export const kDoor = '/compat/cloud-commands';
export const kDone = '{"success":true}';
export const kFailed = '{"success":false}';

// What the client of the original sends, as it sends it.

export const add = (server: Address): Promise<Reply> =>
    command(server, 'POST', `${kDoor}/instances/add`, '{"command":"created"}');

export function change(server: Address, id: string, word: string): Promise<Reply> {
    const body = `{"id":"${id}","command":"${word}"}`;
    return command(server, 'POST', `${kDoor}/instances/stateChange`, body);
}

export function remove(server: Address, id: string): Promise<Reply> {
    const path = `${kDoor}/instances/delete/${id}/removed`;
    return command(server, 'DELETE', path, undefined, { 'content-type': 'application/json' });
}

/** From now on, unless `lastEventId` says otherwise. */
export async function listen(server: Address, lastEventId?: string): Promise<RawSse> {
    const from = lastEventId ?? (await list(server)).cursor;
    const stream = await RawSse.open(server, `${kDoor}/sse`, { 'Last-Event-ID': from });
    expect(await stream.frame('a greeting')).toBe(':ok\n\n');
    return stream;
}

const kPlace = '(?:id:[a-z0-9.]{1,72}\n)?';
const kDate = '\\d\\d\\.\\d\\d\\.\\d{4}, \\d\\d:\\d\\d:\\d\\d';

export function logFrame(info: string, id: string): RegExp {
    const text = JSON.stringify(info).replaceAll('\\', '\\\\');
    return new RegExp(`^${kPlace}data:{"date":"${kDate}","info":${text},"server":"${id}"}\n\n$`);
}

export function changeFrame(action: string, id: string, state: string): RegExp {
    const instance = `{"id":"${id}","state":"${state}"}`;
    return new RegExp(`^${kPlace}data:{"action":"${action}","instance":${instance}}\n\n$`);
}

export function expectFrames(frames: string[], wanted: RegExp[]): void {
    expect(frames).toEqual(wanted.map((frame) => expect.stringMatching(frame)));
}
