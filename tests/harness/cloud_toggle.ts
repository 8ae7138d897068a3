// SPDX-License-Identifier: Apache-2.0
// A client of the original toggle dashboard, on the endpoint `cloud-toggle`.

import { expect } from 'vitest';
import { list, settled } from './cloud.ts';
import { RawSse } from './raw_sse.ts';
import { type Address, request, type WsClient, wsConnect } from './verbs.ts';

export const kDoor = '/compat/cloud-toggle';
export const kOk = '{"status":"OK"}';
export const kMissing = '{"message":"Instance not found"}';

/** The id of a new instance that is created. */
export async function create(server: Address): Promise<string> {
    const known = new Set((await list(server)).instances.map(({ id }) => id));
    expect((await request(server, 'POST', `${kDoor}/`)).text).toBe(kOk);
    const { instances } = await list(server);
    const id = instances.find((instance) => !known.has(instance.id))?.id ?? '';
    await settled(server, id);
    return id;
}

export async function listen(server: Address): Promise<RawSse> {
    const { cursor } = await list(server);
    return RawSse.open(server, `${kDoor}/sse`, { 'Last-Event-ID': cursor });
}

export async function dial(server: Address, path = `${kDoor}/`): Promise<WsClient> {
    const socket = await wsConnect(server, path);
    expect(await socket.nextText('a greeting')).toBe('"connection"');
    return socket;
}

const kFrame = /^id: [a-z0-9.]{1,72}\nevent: message\ndata: ([^\n]*)\n\n$/;
const kTime = /^(1[0-2]|[1-9]):[0-5]\d:[0-5]\d [AP]M (1[0-2]|[1-9])\/([12]\d|3[01]|[1-9])\/\d{4}$/;

/** The frame as bytes: its lines, its members, the original's spelling of the time before the other. */
export function expectEvent(frame: string, id: string, info: string): void {
    const text = kFrame.exec(frame)?.[1] ?? `no frame: ${frame}`;
    const [own, other] =
        info === 'Create command' ? ['timestamp', 'timeStamp'] : ['timeStamp', 'timestamp'];
    const time = timeOf(frame);
    expect(time).toMatch(kTime);
    expect(text).toBe(`{"id":"${id}","info":"${info}","${own}":"${time}","${other}":"${time}"}`);
}

export function timeOf(frame: string): string {
    return JSON.parse(kFrame.exec(frame)?.[1] ?? '{}').timestamp;
}
