// SPDX-License-Identifier: Apache-2.0
// A socket with nothing between the test and the bytes.

import { connect, type Socket } from 'node:net';
import { kPatienceMs, within } from './wait.ts';

export interface RawReply {
    status: number;
    head: string;
    body: string;
}

/** One TCP connection; bytes are latin1 text, so that every byte can be written in a test. */
export class RawConnection {
    received = '';
    /** How the connection ended, once it has. */
    ended: 'end' | 'reset' | undefined;
    private wake: () => void = () => {};

    private constructor(readonly socket: Socket) {
        socket.setNoDelay(true);
        socket.on('data', (chunk) => {
            this.received += chunk.toString('latin1');
            this.wake();
        });
        socket.on('end', () => this.finish('end'));
        socket.on('error', () => this.finish('reset'));
        socket.on('close', () => this.finish('end'));
    }

    static async open(server: { port: number }): Promise<RawConnection> {
        const socket = connect(server.port, '127.0.0.1');
        const connection = new RawConnection(socket);
        await within(
            new Promise<void>((resolve, reject) => {
                socket.once('connect', resolve);
                socket.once('error', reject);
            }),
            'a TCP connection',
        );
        return connection;
    }

    send(bytes: string | Buffer): this {
        this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
        return this;
    }

    /** Stops reading: the kernel's buffers fill, and the server has to notice. */
    stall(): this {
        this.socket.pause();
        return this;
    }

    resume(): this {
        this.socket.resume();
        return this;
    }

    close(): void {
        this.socket.destroy();
    }

    /** Completes when `ready` holds for what has been received; throws when that cannot happen. */
    async until(
        what: string | (() => string),
        ready: () => boolean,
        ms = kPatienceMs,
    ): Promise<this> {
        const wanted = () => (typeof what === 'string' ? what : what());
        const deadline = performance.now() + ms;
        while (!ready()) {
            if (this.ended !== undefined) {
                throw new Error(`connection ended before ${wanted()}; got ${this.summary()}`);
            }
            const left = deadline - performance.now();
            if (left <= 0) {
                throw new Error(`not within ${ms} ms: ${wanted()}; got ${this.summary()}`);
            }
            await this.news(left);
        }
        return this;
    }

    async untilReceived(text: string, ms = kPatienceMs): Promise<this> {
        return this.until(JSON.stringify(text), () => this.received.includes(text), ms);
    }

    /** Completes when the server has closed its side. */
    async untilEnded(what = 'the server closes', ms = kPatienceMs): Promise<this> {
        const deadline = performance.now() + ms;
        while (this.ended === undefined) {
            const left = deadline - performance.now();
            if (left <= 0) {
                throw new Error(`not within ${ms} ms: ${what}; got ${this.summary()}`);
            }
            await this.news(left);
        }
        return this;
    }

    /** The next final reply with a Content-Length, taken off what was received. */
    async reply(ms = kPatienceMs): Promise<RawReply> {
        const reply = await this.anyReply(ms);
        return reply.status === 100 ? this.anyReply(ms) : reply;
    }

    private async anyReply(ms: number): Promise<RawReply> {
        await this.until('a reply head', () => this.received.includes('\r\n\r\n'), ms);
        const headEnd = this.received.indexOf('\r\n\r\n') + 4;
        const head = this.received.slice(0, headEnd);
        const length = Number(/^content-length: *(\d+)\r$/im.exec(head)?.[1] ?? 0);
        await this.until('a reply body', () => this.received.length >= headEnd + length, ms);
        const body = this.received.slice(headEnd, headEnd + length);
        this.received = this.received.slice(headEnd + length);
        return { status: Number(/^HTTP\/1\.[01] (\d{3}) /.exec(head)?.[1] ?? 0), head, body };
    }

    /** Completes when something happened, or after `ms`. */
    private news(ms: number): Promise<void> {
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, ms);
            this.wake = () => {
                clearTimeout(timer);
                resolve();
            };
        });
    }

    private summary(): string {
        return JSON.stringify(this.received.slice(0, 300));
    }

    private finish(how: 'end' | 'reset'): void {
        this.ended ??= how;
        this.wake();
    }
}

/** One request as bytes, and its reply as bytes; `line` is method and target. */
export async function rawRequest(
    server: { port: number },
    line: string,
    headers: Record<string, string> = {},
    body = '',
): Promise<RawReply> {
    const connection = await RawConnection.open(server);
    const own = { Host: `127.0.0.1:${server.port}`, 'Content-Length': String(body.length) };
    const lines = Object.entries({ ...own, ...headers }).map(
        ([name, value]) => `${name}: ${value}\r\n`,
    );
    connection.send(`${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    const reply = await connection.reply();
    connection.close();
    return reply;
}
