// SPDX-License-Identifier: Apache-2.0
// Everybody comes through every door, does what one does there, and leaves: nothing counts them then.

import { expect, test } from 'vitest';
import { membersOf, Member, newUser, RelayClient } from '../harness/chat.ts';
import { RawConnection } from '../harness/raw.ts';
import { createdAs, eventsPath, newUser as newReporter, v4StreamPath } from '../harness/reports.ts';
import { useServer } from '../harness/server.ts';
import { hastyChat } from '../harness/settings.ts';
import { publish, request, sse, sseAt, wsConnect } from '../harness/verbs.ts';
import { eventually } from '../harness/wait.ts';

const server = useServer({ config: hastyChat });
const kRelay = '/compat/chat-relay/';

/** What stays when nobody is there: what is kept for those who come. */
const kKept = ['howl_topics', 'howl_window_bytes'];

interface Guest {
    close(): void;
}

/** Every gauge, as one request on a connection of its own sees it. */
async function gauges(): Promise<Record<string, number>> {
    const connection = await RawConnection.open(server);
    connection.send('GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    const { body } = await connection.reply();
    connection.close();
    const names = [...body.matchAll(/^# TYPE (\S+) gauge$/gm)].map(([, name]) => name as string);
    return Object.fromEntries(
        names.map((name) => [name, Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1])]),
    );
}

async function live(): Promise<Record<string, number>> {
    const all = await gauges();
    return Object.fromEntries(
        Object.entries(all).filter(([name, value]) => value !== 0 && !kKept.includes(name)),
    );
}

/** A raw reader that has asked and reads nothing. */
async function stalled(target: string): Promise<Guest> {
    const connection = await RawConnection.open(server);
    connection.send(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await connection.untilReceived('200');
    return connection.stall();
}

async function chatMember(n: number): Promise<Guest> {
    const member = await Member.register(server, `Anna ${n}`, `room-${n % 3}`);
    member.socket.send({ type: 'typing' });
    await member.say(`c-${n}`, 'hello');
    member.socket.send({ type: 'history', limit: 10 });
    await member.hear('history');
    return member;
}

async function relayMember(n: number): Promise<Guest> {
    await newUser(server, `Petr ${n}`, kRelay);
    return RelayClient.arrive(server, `Olga ${n}`, kRelay);
}

async function reporter(): Promise<Guest[]> {
    const user = newReporter();
    const streams = [await sseAt(server, eventsPath(user)), await sseAt(server, v4StreamPath(user))];
    await createdAs(server, user, 'completed');
    return streams;
}

async function wolf(): Promise<Guest> {
    const socket = await wsConnect(server, '/wisdom/connect');
    socket.send({ type: 'connect', payload: {} });
    return socket;
}

async function arrive(n: number): Promise<Guest[]> {
    const topic = `left/${n % 4}`;
    const guests = [
        await sse(server, topic),
        await sse(server, [topic, 'left/b', 'howl:stats', 'howl:cloud']),
        await sseAt(server, `/api/events?topic=${topic}&as=Anna&envelope=json`),
        await wsConnect(server, `/api/topics/${topic}/ws`),
        await wsConnect(server, `/api/topics/${topic}/ws?as=Petr`),
        await stalled(`/api/topics/${topic}/events?as=Zoe`),
        await stalled('/api/topics/large/events?format=json&limit=1000'),
        await sseAt(server, `/v2/sse?username=user-${n}`),
        await wolf(),
        await chatMember(n),
        await relayMember(n),
        ...(await reporter()),
    ];
    await publish(server, topic, 'to whom it may concern');
    await request(server, 'POST', '/api/cloud/instances', { body: '{}' });
    return guests;
}

const presentIn = async (topic: string): Promise<number> =>
    (await request(server, 'GET', `/api/topics/${topic}/presence`)).json.count;

test('when all have left through every door, every gauge is 0 and nobody is present', async () => {
    for (let n = 0; n < 40; n += 1) {
        await publish(server, 'large', 'x'.repeat(60_000));
    }
    const groups = await Promise.all(Array.from({ length: 12 }, (_, n) => arrive(n)));
    const during = await gauges();
    for (const gauge of [
        'howl_connections',
        'howl_sse_sessions',
        'howl_websocket_sessions',
        'howl_readers',
        'howl_subscriptions',
        'howl_output_memory_bytes',
    ]) {
        expect(during[gauge], gauge).toBeGreaterThan(0);
    }
    expect(await presentIn('left/1')).toBe(3);

    groups.flat().forEach((guest) => guest.close());
    const left = async () => {
        const counted = await live();
        // The one that asks.
        return Object.keys(counted).join() === 'howl_connections' && counted['howl_connections'] === 1;
    };
    await eventually('only who asks is connected', left, 30_000).catch(async (error) => {
        throw new Error(`${error}: ${JSON.stringify(await live())}`);
    });
    for (const topic of ['left/0', 'left/1', 'left/2', 'left/3']) {
        expect(await presentIn(topic)).toBe(0);
    }
    for (const room of ['lobby', 'room-0', 'room-1', 'room-2']) {
        await eventually(
            `${room} is empty`,
            async () => (await membersOf(server, room)).length === 0,
        );
    }
}, 90_000);
