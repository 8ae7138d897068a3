// SPDX-License-Identifier: Apache-2.0
// Peers that request large answers and read nothing of them.

import { upgradeRequest } from '../conformance/handshake_cases.ts';
import { RawConnection } from './raw.ts';
import { type Address, publish } from './verbs.ts';

/** The largest page of the events that `publishLarge` has published. */
export const kLargePage = '/api/topics/large/events?format=json&limit=1000';

/** 65 MB in 1,000 events. */
export async function publishLarge(server: Address): Promise<void> {
    const lane = async () => {
        for (let n = 0; n < 50; n += 1) {
            await publish(server, 'large', 'x'.repeat(65_000));
        }
    };
    await Promise.all(Array.from({ length: 20 }, lane));
}

async function silent(server: Address, head: string): Promise<RawConnection> {
    const connection = await RawConnection.open(server);
    connection.stall();
    return connection.send(head);
}

export const silentAsker = (server: Address, target: string): Promise<RawConnection> =>
    silent(server, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);

export const silentSocket = (server: Address, target: string): Promise<RawConnection> =>
    silent(
        server,
        upgradeRequest({ line: `GET ${target} HTTP/1.1` }).replaceAll('{host}', 'localhost'),
    );

/** As many of each kind: of the large page, and readers from `cursor` on over both transports. */
export function silentCrowd(
    server: Address,
    cursor: string,
    ofEach: number,
): Promise<RawConnection[]> {
    const each = (ask: () => Promise<RawConnection>) => Array.from({ length: ofEach }, ask);
    return Promise.all([
        ...each(() => silentAsker(server, kLargePage)),
        ...each(() => silentAsker(server, `/api/topics/large/events?lastEventId=${cursor}`)),
        ...each(() => silentSocket(server, `/api/topics/large/ws?lastEventId=${cursor}`)),
    ]);
}

const kBodyBytes = 900_000;

/** A request whose body lacks one byte. */
export async function unfinishedRequest(server: Address): Promise<RawConnection> {
    const connection = await RawConnection.open(server);
    const length = `Content-Length: ${kBodyBytes + 1}`;
    connection.send(`POST /api/topics/large/events HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n`);
    return connection.send(Buffer.alloc(kBodyBytes));
}
