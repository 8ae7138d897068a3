// SPDX-License-Identifier: Apache-2.0
// The wolf-wisdom protocol, spoken by the stock `ws` client: only who is connected and subscribed hears.
import { describe, expect, test } from 'vitest';
import { upgradeRequest } from '../conformance/handshake_cases.ts';
import { RawConnection } from '../harness/raw.ts';
import { useServer, withServer } from '../harness/server.ts';
import { hastyWolves } from '../harness/settings.ts';
import { request, type WsClient, wsConnect } from '../harness/verbs.ts';

const server = useServer({ config: hastyWolves });

const kUuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const kConfirmation = '{"type":"subscribe_confirmation","payload":{"status":"ok"}}';

/** A client that has its id, and says things the way the original's page does. */
class Wolf {
    private constructor(
        readonly socket: WsClient,
        readonly id: string,
    ) {}

    static async arrive(path = '/wisdom/connect', to = server): Promise<Wolf> {
        const socket = await wsConnect(to, path);
        const initial = await socket.next('the initial message');
        expect(initial).toEqual({
            type: 'initial',
            payload: { id: expect.stringMatching(kUuid4) },
        });
        return new Wolf(socket, initial.payload.id);
    }

    say(type: string): this {
        this.socket.send({ type, payload: { id: this.id } });
        return this;
    }

    async expectConfirmed(): Promise<this> {
        expect(await this.socket.nextText('a confirmation')).toBe(kConfirmation);
        return this;
    }

    async expectQuote(): Promise<string> {
        const heard = await this.socket.next('a quote');
        expect(heard).toEqual({
            type: 'wisdom_distribution',
            payload: { message: expect.any(String) },
        });
        return heard.payload.message;
    }

    static async subscribed(): Promise<Wolf> {
        return (await Wolf.arrive()).say('connect').say('subscribe').expectConfirmed();
    }
}

describe('a subscribed client', () => {
    test('gets its id first, then a confirmation, then quotes', async () => {
        const wolf = await Wolf.subscribed();
        expect((await wolf.expectQuote()).length).toBeGreaterThan(5);
        await wolf.expectQuote();
        wolf.socket.close();
    });

    test('hears the same quote as all others at the same tick', async () => {
        const pack = await Promise.all([1, 2, 3].map(() => Wolf.subscribed()));
        const quotes = await Promise.all(pack.map((wolf) => wolf.expectQuote()));
        expect(new Set(quotes).size).toBeLessThanOrEqual(2);
        const next = await Promise.all(pack.map((wolf) => wolf.expectQuote()));
        expect(new Set([...quotes, ...next]).size).toBeLessThanOrEqual(3);
        pack.forEach((wolf) => wolf.socket.close());
    });

    test('is confirmed again when it subscribes again', async () => {
        const wolf = await Wolf.subscribed();
        wolf.say('subscribe');
        for (let heard = ''; heard !== kConfirmation;) {
            heard = await wolf.socket.nextText('the second confirmation');
        }
        wolf.socket.close();
    });

    test.each([
        ['Russian, as the original spoke it', '', /[а-яё]/i],
        ['Russian', '?lang=ru', /[а-яё]/i],
        ['Russian', '?lang=ru-BY', /[а-яё]/i],
        ['English', '?lang=en', /^[\x20-\x7e]+$/],
        ['English', '?lang=de', /^[\x20-\x7e]+$/],
    ])('hears quotes in %s with "%s"', async (_, query, letters) => {
        const wolf = (await Wolf.arrive(`/wisdom/connect${query}`)).say('connect').say('subscribe');
        await wolf.expectConfirmed();
        for (let n = 0; n < 5; n += 1) {
            expect(await wolf.expectQuote()).toMatch(letters);
            wolf.say('ping');
        }
        wolf.socket.close();
    });

    test('gets compact JSON in which only ASCII stands', async () => {
        const wolf = await Wolf.subscribed();
        const quote = await wolf.socket.nextText();
        expect(quote).toMatch(
            /^\{"type":"wisdom_distribution","payload":\{"message":"[\x20-\x7e]*"\}\}$/,
        );
        wolf.socket.close();
    });

    test('may speak in binary frames', async () => {
        const wolf = await Wolf.arrive();
        for (const type of ['connect', 'subscribe']) {
            wolf.socket.send(Buffer.from(JSON.stringify({ type, payload: {} })));
        }
        await wolf.expectConfirmed();
        await wolf.expectQuote();
        wolf.socket.close();
    });

    test('may name any id: its own is what counts', async () => {
        const victim = await Wolf.subscribed();
        const wolf = await Wolf.arrive();
        wolf.say('connect');
        wolf.socket.send({ type: 'unsubscribe', payload: { id: victim.id } });
        await victim.expectQuote();
        await victim.expectQuote();
        victim.socket.close();
        wolf.socket.close();
    });
});

describe('nobody else hears a quote', () => {
    // The fence is two ticks that a subscribed neighbour has heard after the silent one was ready.
    async function expectSilence(silent: Wolf): Promise<void> {
        const neighbour = await Wolf.subscribed();
        await neighbour.expectQuote();
        silent.say('ping');
        await neighbour.expectQuote();
        silent.say('ping');
        await neighbour.expectQuote();
        expect(silent.socket.messages.drain()).toEqual([]);
        neighbour.socket.close();
        silent.socket.close();
    }

    test('not one that never said connect', async () => expectSilence(await Wolf.arrive()));

    test('not one that did not subscribe', async () =>
        expectSilence((await Wolf.arrive()).say('connect')));

    test('not one that unsubscribed', async () => {
        const wolf = await Wolf.subscribed();
        wolf.say('unsubscribe').say('unsubscribe');
        const neighbour = await Wolf.subscribed();
        await neighbour.expectQuote();
        neighbour.socket.close();
        wolf.socket.messages.drain();
        await expectSilence(wolf);
    });

    test('not one that said connect again, which resets it', async () => {
        const wolf = await Wolf.subscribed();
        wolf.say('connect');
        const neighbour = await Wolf.subscribed();
        await neighbour.expectQuote();
        neighbour.socket.close();
        wolf.socket.messages.drain();
        await expectSilence(wolf);
    });

    test('not one that disconnected, although its socket stays open', async () => {
        const wolf = await Wolf.subscribed();
        wolf.say('disconnect');
        const neighbour = await Wolf.subscribed();
        await neighbour.expectQuote();
        neighbour.socket.close();
        wolf.socket.messages.drain();
        await expectSilence(wolf);
    });

    test('but one that disconnected may connect and subscribe again', async () => {
        const wolf = await Wolf.subscribed();
        wolf.say('disconnect').say('connect').say('subscribe');
        for (let heard = ''; heard !== kConfirmation;) {
            heard = await wolf.socket.nextText('a confirmation');
        }
        await wolf.expectQuote();
        wolf.socket.close();
    });
});

describe('what the original closes with 1000', () => {
    test.each([
        ['an unknown type', '{"type":"howl","payload":{}}'],
        ['no JSON', 'howl'],
        ['no payload', '{"type":"connect"}'],
        ['no type', '{"payload":{}}'],
        ['a list', '[]'],
        ['a number', '42'],
        ['an empty message', ''],
        ['JSON cut short', '{"type":"connect","payload":{'],
        ['a type that is no text', '{"type":1,"payload":{}}'],
        ['nesting without end', '['.repeat(30_000)],
    ])('%s', async (_, message) => {
        const wolf = await Wolf.arrive();
        wolf.socket.send(message);
        expect((await wolf.socket.expectClosed()).code).toBe(1000);
    });
});

describe('what the original drops without a goodbye', () => {
    test.each([
        ['subscribe before connect', ['subscribe']],
        ['unsubscribe before connect', ['unsubscribe']],
        ['disconnect before connect', ['disconnect']],
        ['a second disconnect', ['connect', 'disconnect', 'disconnect']],
        ['subscribe after disconnect', ['connect', 'disconnect', 'subscribe']],
    ])('%s', async (_, says) => {
        const wolf = await Wolf.arrive();
        says.forEach((type) => wolf.say(type));
        const { code } = await wolf.socket.expectClosed();
        expect([1006, 1008, 1011]).toContain(code);
    });
});

describe('a silent client', () => {
    test('is closed with 1000 after the idle time, although it answers pings of its kernel', async () => {
        const wolf = await Wolf.arrive();
        expect((await wolf.socket.expectClosed()).code).toBe(1000);
    });

    test('is closed also while quotes go out to it', async () => {
        const wolf = await Wolf.subscribed();
        expect((await wolf.socket.expectClosed()).code).toBe(1000);
    });

    test('stays as long as it says ping, which is not answered', async () => {
        const wolf = (await Wolf.arrive()).say('connect');
        const neighbour = await Wolf.subscribed();
        for (let n = 0; n < 10; n += 1) {
            await neighbour.expectQuote();
            wolf.say('ping');
            neighbour.say('ping');
        }
        expect(wolf.socket.messages.drain()).toEqual([]);
        await wolf.say('subscribe').expectConfirmed();
        wolf.socket.close();
        neighbour.socket.close();
    });
});

test('the tick does not wait for a client that has stopped reading', async () => {
    const stalled = await Promise.all(
        Array.from({ length: 20 }, async () => {
            const connection = await RawConnection.open(server);
            const line = 'GET /wisdom/connect HTTP/1.1';
            connection.send(upgradeRequest({ line }).replaceAll('{host}', 'localhost'));
            return (await connection.untilReceived('initial')).stall();
        }),
    );
    const wolf = await Wolf.subscribed();
    for (let n = 0; n < 10; n += 1) {
        await wolf.expectQuote();
        wolf.say('ping');
    }
    stalled.forEach((connection) => connection.close());
    wolf.socket.close();
});

test('a plain GET of the socket path is refused', async () => {
    expect([400, 426]).toContain((await request(server, 'GET', '/wisdom/connect')).status);
});

test("--compat serves the original's own port and paths too, /undefined among them", async () => {
    await withServer({ config: hastyWolves, args: ['--compat'] }, async () => {
        const original = { port: 8000, url: 'http://127.0.0.1:8000' };
        for (const path of ['/connect', '/undefined']) {
            const wolf = await Wolf.arrive(path, original as typeof server);
            await wolf.say('connect').say('subscribe').expectConfirmed();
            wolf.socket.close();
        }
    });
});
