// SPDX-License-Identifier: Apache-2.0
// A proxy between the server and DynamoDB with the faults of a network and of a busy service.

import { type IncomingMessage, createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Random } from './random.ts';

/**
 * `throttle`: refused as DynamoDB does it. `error`: 500, not executed. `drop`: executed, but the
 * connection ends without an answer. `delay`: answered later than the server waits.
 */
export type Fault = 'throttle' | 'error' | 'drop' | 'delay';

const kThrottled = JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
});
const kError = JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
    message: 'The request processing has failed because of an unknown error.',
});

export class FaultProxy {
    url = '';
    /** How often each fault was injected. */
    readonly done: Record<Fault, number> = { throttle: 0, error: 0, drop: 0, delay: 0 };
    /** The fault of a request; undefined: none. */
    choose: (operation: string) => Fault | undefined = () => undefined;
    delayMs = 1_300;
    private server: Server | undefined;
    private port = 0;
    private readonly sockets = new Set<Socket>();

    constructor(private readonly target: () => string) {}

    /** Listens, each time on the same port. */
    async up(): Promise<void> {
        const server = createServer((asked, answer) => void this.pass(asked, answer));
        server.on('connection', (socket) => {
            this.sockets.add(socket);
            socket.on('close', () => this.sockets.delete(socket));
        });
        await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
        this.server = server;
        this.port = (server.address() as AddressInfo).port;
        this.url = `http://127.0.0.1:${this.port}`;
    }

    /** As when DynamoDB is not there: connections end, new ones are refused. */
    async down(): Promise<void> {
        const closed = new Promise<void>((resolve) => this.server?.close(() => resolve()));
        for (const socket of this.sockets) {
            socket.destroy();
        }
        await closed;
    }

    /** The percentage of requests with each fault. */
    chooseAtRandom(random: Random, percent: Record<Fault, number>): void {
        this.choose = () => {
            let left = random.between(0, 99);
            for (const [fault, share] of Object.entries(percent)) {
                left -= share;
                if (left < 0) {
                    return fault as Fault;
                }
            }
            return undefined;
        };
    }

    private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        asked.on('error', () => {}); // The client has gone, so no answer is needed.
        for await (const chunk of asked.iterator({ destroyOnReturn: false })) {
            chunks.push(chunk as Buffer);
        }
        const operation = String(asked.headers['x-amz-target']).split('.')[1] ?? '';
        const fault = this.choose(operation);
        if (fault !== undefined) {
            this.done[fault] += 1;
        }
        if (fault === 'throttle' || fault === 'error') {
            const [status, body] = fault === 'throttle' ? [400, kThrottled] : [500, kError];
            answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
            return;
        }
        const reply = await this.forward(asked, Buffer.concat(chunks));
        if (fault === 'drop' || reply === undefined) {
            asked.socket.destroy();
            return;
        }
        const tell = () => answer.writeHead(reply.status, reply.headers).end(reply.body);
        if (fault === 'delay') {
            setTimeout(tell, this.delayMs);
        } else {
            tell();
        }
    }

    /** Undefined when the target does not answer. */
    private forward(
        asked: IncomingMessage,
        body: Buffer,
    ): Promise<{ status: number; headers: Record<string, string>; body: Buffer } | undefined> {
        return new Promise((resolve) => {
            const options = { method: 'POST', headers: asked.headers };
            const sent = request(this.target(), options, (reply) => {
                const chunks: Buffer[] = [];
                reply.on('data', (chunk: Buffer) => chunks.push(chunk));
                reply.on('end', () => {
                    const type = String(reply.headers['content-type']);
                    resolve({
                        status: reply.statusCode ?? 0,
                        headers: { 'content-type': type },
                        body: Buffer.concat(chunks),
                    });
                });
            });
            sent.on('error', () => resolve(undefined));
            sent.end(body);
        });
    }
}
