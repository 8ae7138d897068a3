// SPDX-License-Identifier: Apache-2.0
// An event stream as bytes, for endpoints whose every byte was recorded.

import { RawConnection } from './raw.ts';
import { kPatienceMs } from './wait.ts';

/** An `id:` and nothing else: the reader's position. Clients of the originals ignore it. */
const kPlaceOnly = /^id: ?[A-Za-z0-9.]{1,72}\n\n$/;

export class RawSse {
    /** The body without its chunks, as far as it was not taken. */
    private body = '';

    private constructor(
        private readonly connection: RawConnection,
        readonly head: string,
    ) {}

    /** Completes when the head has arrived. */
    static async open(
        server: { port: number },
        path: string,
        headers: Record<string, string> = {},
    ): Promise<RawSse> {
        const connection = await RawConnection.open(server);
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        connection.send(
            `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${lines.join('')}\r\n`,
        );
        await connection.untilReceived('\r\n\r\n');
        const headEnd = connection.received.indexOf('\r\n\r\n') + 4;
        const head = connection.received.slice(0, headEnd);
        connection.received = connection.received.slice(headEnd);
        return new RawSse(connection, head);
    }

    /** The next frame with its empty line, whatever it is. */
    async anyFrame(what = 'a frame', ms = kPatienceMs): Promise<string> {
        await this.connection.until(what, () => this.takeChunks().includes('\n\n'), ms);
        const end = this.body.indexOf('\n\n') + 2;
        const frame = this.body.slice(0, end);
        this.body = this.body.slice(end);
        return frame;
    }

    /** Moves the chunks that are whole (RFC 9112 section 7.1) into the body. */
    private takeChunks(): string {
        const { connection } = this;
        for (;;) {
            const size = /^([0-9a-f]+)\r\n/.exec(connection.received);
            const begin = size?.[0]?.length ?? 0;
            const end = begin + parseInt(size?.[1] ?? '', 16);
            if (size === null || connection.received.length < end + 2) {
                return this.body;
            }
            this.body += connection.received.slice(begin, end);
            connection.received = connection.received.slice(end + 2);
        }
    }

    /** The next frame with content for the client. */
    async frame(what = 'a frame', ms = kPatienceMs): Promise<string> {
        for (;;) {
            const frame = await this.anyFrame(what, ms);
            if (!kPlaceOnly.test(frame)) {
                return frame;
            }
        }
    }

    async frames(count: number, what = 'frames'): Promise<string[]> {
        const taken: string[] = [];
        while (taken.length < count) {
            taken.push(await this.frame(`${what}, number ${taken.length + 1} of ${count}`));
        }
        return taken;
    }

    close(): void {
        this.connection.close();
    }
}
