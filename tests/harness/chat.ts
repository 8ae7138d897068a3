// SPDX-License-Identifier: Apache-2.0
// The chat's test helpers: members of the API's rooms, clients of the relay.

import { expect } from 'vitest';
import type { RelayUser } from './relay_payloads.ts';
import { type Address, request, type WsClient, wsConnect } from './verbs.ts';
import { kPatienceMs } from './wait.ts';

export interface ChatUser {
    id: string;
    name: string;
}

export interface ChatMessage {
    offset: number;
    time: string;
    user: ChatUser;
    text: string;
    clientId?: string;
}

export interface Ack {
    type: 'ack';
    id: string;
    offset: number;
    epoch: string;
    time: string;
}

export interface Snapshot {
    cursor: string;
    members: ChatUser[];
    messages: ChatMessage[];
    more: boolean;
    moreMembers?: true;
}

/** A member of a room, over the canonical socket. */
export class Member {
    token = '';
    user: ChatUser = { id: '', name: '' };
    snapshot: Snapshot | undefined;
    /** The newest position received. */
    cursor = '';

    private constructor(readonly socket: WsClient) {}

    /** Registers a new name; completes with the snapshot. */
    static async register(server: Address, name: string, room = 'lobby'): Promise<Member> {
        const member = await Member.connect(server, room);
        member.socket.send({ type: 'register', name });
        await member.expectRegistered();
        expect(member.token).toMatch(/^[0-9a-f]{32}$/);
        await member.expectSnapshot();
        return member;
    }

    /** Rejoins with a token; the next message is a snapshot, or `resumed`, which the test reads. */
    static async rejoin(
        server: Address,
        token: string,
        cursor?: string,
        room = 'lobby',
    ): Promise<Member> {
        const member = await Member.connect(server, room);
        member.token = token;
        member.socket.send({ type: 'rejoin', token, ...(cursor === undefined ? {} : { cursor }) });
        await member.expectRegistered();
        return member;
    }

    /** A socket that has sent nothing yet. */
    static async connect(server: Address, room = 'lobby'): Promise<Member> {
        return new Member(await wsConnect(server, `/api/chat/rooms/${room}/ws`));
    }

    async expectRegistered(): Promise<void> {
        const registered = await this.socket.next('registered');
        expect(registered).toMatchObject({ type: 'registered', user: { name: expect.anything() } });
        this.user = registered.user;
        this.token = registered.token ?? this.token;
    }

    async expectSnapshot(): Promise<Snapshot> {
        const snapshot = await this.socket.next('a snapshot');
        expect(snapshot).toMatchObject({
            type: 'snapshot',
            cursor: expect.any(String),
            members: expect.any(Array),
            messages: expect.any(Array),
            more: expect.any(Boolean),
        });
        this.snapshot = snapshot;
        this.cursor = snapshot.cursor;
        return snapshot;
    }

    send(id: string, text: string): this {
        this.socket.send({ type: 'send', id, text });
        return this;
    }

    /** The next message from the server that is one of `types`; others are skipped. */
    async hear(types: string | string[], ms = kPatienceMs): Promise<any> {
        const wanted = Array.isArray(types) ? types : [types];
        const deadline = performance.now() + ms;
        for (;;) {
            const left = Math.max(1, deadline - performance.now());
            const heard = await this.socket.next(wanted.join(' or '), left);
            this.cursor = heard.cursor ?? this.cursor;
            if (wanted.includes(heard.type)) {
                return heard;
            }
        }
    }

    async say(id: string, text: string): Promise<Ack> {
        this.send(id, text);
        return this.hear('ack');
    }

    close(): void {
        this.socket.close();
    }
}

/** Every message of a room, oldest first, page by page through REST. */
export async function wholeChat(server: Address, room = 'lobby'): Promise<ChatMessage[]> {
    let all: ChatMessage[] = [];
    for (;;) {
        const before = all.length === 0 ? '' : `&before=${all[0]?.offset}`;
        const path = `/api/chat/rooms/${room}/messages?limit=200${before}`;
        const { json } = await request(server, 'GET', path);
        all = [...json.messages, ...all];
        if (!json.more) {
            return all;
        }
    }
}

export async function membersOf(server: Address, room = 'lobby'): Promise<string[]> {
    const { json } = await request(server, 'GET', `/api/chat/rooms/${room}/members`);
    return json.members.map((member: ChatUser) => member.name);
}

/** `POST new-user`, as the relay's clients do it. */
export async function newUser(server: Address, name: string, door: string): Promise<RelayUser> {
    const reply = await request(server, 'POST', `${door}new-user`, {
        headers: { 'content-type': 'text/plain;charset=UTF-8' },
        body: JSON.stringify({ name }),
    });
    expect(reply.status, reply.text).toBe(200);
    return reply.json.user;
}

/** A relay client with its user, after its first frame. */
export class RelayClient {
    private constructor(
        readonly socket: WsClient,
        readonly user: RelayUser,
        readonly firstFrame: string,
    ) {}

    static async arrive(server: Address, name: string, door: string): Promise<RelayClient> {
        const user = await newUser(server, name, door);
        const socket = await wsConnect(server, `${door}ws`);
        return new RelayClient(socket, user, await socket.nextText('the member array'));
    }

    /** The next array that satisfies `holds`; other frames are skipped. */
    async nextArray(holds: (names: string[]) => boolean = () => true): Promise<RelayUser[]> {
        for (;;) {
            const frame = await this.socket.next('a member array');
            if (Array.isArray(frame) && holds(frame.map((user) => user.name))) {
                return frame;
            }
        }
    }

    /** The next frame that is no array. */
    async nextMessage(): Promise<string> {
        for (;;) {
            const text = await this.socket.nextText('a relayed message');
            if (!text.startsWith('[')) {
                return text;
            }
        }
    }

    close(): void {
        this.socket.close();
    }
}
