// SPDX-License-Identifier: Apache-2.0
// The table: bytes in, frames out. The numbers of groups 1 to 7 and 10 are Autobahn's; `F` and `D`
// hold what Autobahn does not ask (RFC 6455 section 5, RFC 7692).

import {
    binary,
    chop,
    close,
    deflated,
    frame,
    inFragments,
    kBinary,
    kClose,
    kContinuation,
    kPing,
    kPong,
    kText,
    pong,
    text,
} from './websocket_wire.ts';

export interface Case {
    name: string;
    /** Each element is written on its own, so that it is likely to be its own TCP segment. */
    send: Buffer[];
    /** What must come back, all of it, in this order; an array names equally good answers. */
    expect: Array<string | string[]>;
    /** The handshake offers these; the server of these cases has permessage-deflate on. */
    extensions?: string;
}

const bytes = (...values: number[]): Buffer => Buffer.from(values);
const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex');

/** The server answers `expect` and then our polite goodbye. */
function answers(name: string, send: Buffer[], ...expect: Case['expect']): Case {
    return { name, send: [...send, close(1000)], expect: [...expect, 'close 1000'] };
}

/** The server answers `before`, then fails the connection with `code`. */
function fails(name: string, code: number, send: Buffer[], ...before: Case['expect']): Case {
    return { name, send, expect: [...before, `close ${code}`] };
}

// --- 1: echo at the boundaries of the length field ---

function echoes(): Case[] {
    const sizes = [0, 125, 126, 127, 128, 65_535, 65_536];
    return [kText, kBinary].flatMap((opcode) => {
        const kind = opcode === kText ? '1.1' : '1.2';
        const said = opcode === kText ? text : binary;
        const of = (size: number) => Buffer.alloc(size, opcode === kText ? '*' : 0xfe);
        const chopped = chop(frame(opcode, of(65_536)), 997);
        return [
            ...sizes.map((size, at) =>
                answers(
                    `${kind}.${at + 1} echoes ${size} bytes`,
                    [frame(opcode, of(size))],
                    said(of(size)),
                ),
            ),
            answers(
                `${kind}.8 echoes 65536 bytes that come in segments of 997`,
                chopped,
                said(of(65_536)),
            ),
        ];
    });
}

// --- 2: ping and pong ---

function pings(): Case[] {
    const long = Buffer.alloc(125, 0xfe);
    const ten = [...Array(10).keys()].map((n) => `payload-${n}`);
    const tenPings = ten.map((payload) => frame(kPing, payload));
    const odd = hex('00 ff fe fd fc fb 00 ff');
    return [
        answers('2.1 answers an empty ping', [frame(kPing, '')], pong('')),
        answers(
            '2.2 answers a ping with its payload',
            [frame(kPing, 'Hello, world!')],
            pong('Hello, world!'),
        ),
        answers('2.3 answers a ping that is not UTF-8', [frame(kPing, odd)], pong(odd)),
        answers('2.4 answers a ping of 125 bytes', [frame(kPing, long)], pong(long)),
        fails('2.5 refuses a ping of 126 bytes', 1002, [frame(kPing, Buffer.alloc(126, 0xfe))]),
        answers(
            '2.6 answers a ping that comes byte by byte',
            chop(frame(kPing, long), 1),
            pong(long),
        ),
        answers('2.7 ignores an unasked empty pong', [frame(kPong, '')]),
        answers('2.8 ignores an unasked pong with a payload', [frame(kPong, 'unasked')]),
        answers(
            '2.9 ignores an unasked pong and answers the ping after it',
            [frame(kPong, 'unasked'), frame(kPing, 'ping')],
            pong('ping'),
        ),
        answers('2.10 answers ten pings in their order', tenPings, ...ten.map(pong)),
        answers(
            '2.11 answers ten pings that come byte by byte',
            chop(tenPings, 1),
            ...ten.map(pong),
        ),
    ];
}

// --- 3 and 4: reserved bits and opcodes ---

function reserved(): Case[] {
    const hello = frame(kText, 'Hello, world!');
    const bad = (rsv: number, opcode = kText, payload = 'Hello, world!') =>
        frame(opcode, payload, { rsv });
    const opcodes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
    return [
        fails('3.1 refuses RSV3 on text', 1002, [bad(1)]),
        fails(
            '3.2 echoes, then refuses RSV2 on text',
            1002,
            [hello, bad(2), frame(kPing, '')],
            text('Hello, world!'),
        ),
        fails(
            '3.3 echoes, then refuses RSV2+3, both in one segment',
            1002,
            [Buffer.concat([hello, bad(3), frame(kPing, '')])],
            text('Hello, world!'),
        ),
        fails(
            '3.4 echoes, then refuses RSV1, byte by byte',
            1002,
            chop([hello, bad(4)], 1),
            text('Hello, world!'),
        ),
        fails('3.5 refuses RSV1+3 on binary', 1002, [bad(5, kBinary)]),
        fails('3.6 refuses RSV1+2 on ping', 1002, [bad(6, kPing)]),
        fails('3.7 refuses RSV1+2+3 on close', 1002, [bad(7, kClose, '')]),
        ...opcodes.flatMap((opcode, at) => {
            const name = opcode < 8 ? `4.1.${at + 1}` : `4.2.${at - 4}`;
            const empty = frame(opcode, '');
            return [
                fails(`${name} refuses opcode ${opcode}`, 1002, [empty]),
                fails(
                    `${name}b refuses opcode ${opcode} with a payload, after an echo, byte by byte`,
                    1002,
                    chop([hello, frame(opcode, 'reserved')], 1),
                    text('Hello, world!'),
                ),
            ];
        }),
    ];
}

// --- 5: fragments ---

function fragments(): Case[] {
    const part = (payload: string, fin: 0 | 1) => frame(kContinuation, payload, { fin });
    const start = (payload: string, opcode = kText) => frame(opcode, payload, { fin: 0 });
    const two = [start('fragment1'), part('fragment2', 1)];
    const pinged = [start('fragment1'), frame(kPing, 'ping'), part('fragment2', 1)];
    const both = text('fragment1fragment2');
    const stray = (fin: 0 | 1) => [
        part('non-continuation payload', fin),
        frame(kText, 'Hello, world!'),
    ];
    const strayLater = [...two, part('fragment3', 0), frame(kText, 'fragment4')];
    const five = [
        start('fragment1'),
        part('fragment2', 0),
        frame(kPing, 'pongme 1!'),
        part('fragment3', 0),
        part('fragment4', 0),
        frame(kPing, 'pongme 2!'),
        part('fragment5', 1),
    ];
    const whole = text('fragment1fragment2fragment3fragment4fragment5');
    return [
        fails('5.1 refuses a fragmented ping', 1002, [
            frame(kPing, 'frag', { fin: 0 }),
            part('ment', 1),
        ]),
        fails('5.2 refuses a fragmented pong', 1002, [
            frame(kPong, 'frag', { fin: 0 }),
            part('ment', 1),
        ]),
        answers('5.3 joins two fragments', two, both),
        answers('5.4 joins two fragments of one segment', [Buffer.concat(two)], both),
        answers('5.5 joins two fragments that come byte by byte', chop(two, 1), both),
        answers('5.6 answers a ping between two fragments', pinged, pong('ping'), both),
        answers(
            '5.7 answers a ping between fragments of one segment',
            [Buffer.concat(pinged)],
            pong('ping'),
            both,
        ),
        answers(
            '5.8 answers a ping between fragments, byte by byte',
            chop(pinged, 1),
            pong('ping'),
            both,
        ),
        fails('5.9 refuses a last fragment without a first', 1002, stray(1)),
        fails('5.10 refuses it also in one segment', 1002, [Buffer.concat(stray(1))]),
        fails('5.11 refuses it also byte by byte', 1002, chop(stray(1), 1)),
        fails('5.12 refuses a middle fragment without a first', 1002, stray(0)),
        fails('5.13 refuses it also in one segment', 1002, [Buffer.concat(stray(0))]),
        fails('5.14 refuses it also byte by byte', 1002, chop(stray(0), 1)),
        fails('5.15 joins two fragments, then refuses a third', 1002, strayLater, both),
        fails('5.16 refuses continuation, text, continuation, text', 1002, [
            part('fragment1', 0),
            start('fragment2'),
            part('fragment3', 1),
        ]),
        fails('5.17 refuses a continuation after a whole message', 1002, [
            part('fragment1', 1),
            start('fragment2'),
            part('fragment3', 1),
        ]),
        fails('5.18 refuses a new text inside a fragmented one', 1002, [
            start('fragment1'),
            frame(kText, 'fragment2'),
        ]),
        answers(
            '5.19 answers pings between five fragments',
            five,
            pong('pongme 1!'),
            pong('pongme 2!'),
            whole,
        ),
        answers(
            '5.20 answers them also in one segment',
            [Buffer.concat(five)],
            pong('pongme 1!'),
            pong('pongme 2!'),
            whole,
        ),
        fails('5.21 refuses a new binary inside a fragmented text', 1002, [
            start('a'),
            frame(kBinary, 'b'),
        ]),
        fails('5.22 refuses a new fragmented text inside a fragmented binary', 1002, [
            start('a', kBinary),
            start('b'),
        ]),
        answers(
            '5.23 joins a fragmented binary',
            inFragments(kBinary, bytes(1, 2, 3, 0xff), 1),
            binary(bytes(1, 2, 3, 0xff)),
        ),
        answers(
            '5.24 joins a fragment with an empty last one',
            [start('all'), part('', 1)],
            text('all'),
        ),
        answers(
            '5.25 joins two fragmented messages one after the other',
            [...two, ...two],
            both,
            both,
        ),
        answers(
            '5.26 ignores a pong between fragments',
            [start('a'), frame(kPong, 'x'), part('b', 1)],
            text('ab'),
        ),
    ];
}

// --- 6: UTF-8 ---

function utf8(): Case[] {
    const greeting = Buffer.from('Hello-µ@ßöäüàá-UTF-8!!');
    const broken = hex('ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65 64 69 74 65 64');
    const empties = (middle: string) => [
        frame(kText, '', { fin: 0 }),
        frame(kContinuation, middle, { fin: 0 }),
        frame(kContinuation, ''),
    ];
    const kosme = hex('ce ba e1 bd b9 cf 83 ce bc ce b5');
    const tooHigh = hex('f4 90 80 80');
    return [
        answers('6.1.1 echoes an empty text', [frame(kText, '')], text('')),
        answers('6.1.2 joins three empty fragments', empties(''), text('')),
        answers(
            '6.1.3 joins fragments of which only the middle says something',
            empties('middle'),
            text('middle'),
        ),
        answers('6.2.1 echoes UTF-8', [frame(kText, greeting)], text(greeting)),
        answers(
            '6.2.2 echoes UTF-8 cut inside a character',
            inFragments(kText, greeting, 7),
            text(greeting),
        ),
        answers(
            '6.2.3 echoes UTF-8 in fragments of one byte',
            inFragments(kText, greeting, 1),
            text(greeting),
        ),
        answers(
            '6.2.4 echoes UTF-8 in segments of one byte',
            chop(frame(kText, greeting), 1),
            text(greeting),
        ),
        fails('6.3.1 refuses a surrogate', 1007, [frame(kText, broken)]),
        fails(
            '6.3.2 refuses a surrogate in fragments of one byte',
            1007,
            inFragments(kText, broken, 1).slice(0, 14),
        ),
        fails('6.4.1 refuses before the message ends', 1007, [
            frame(kText, kosme, { fin: 0 }),
            frame(kContinuation, tooHigh, { fin: 0 }),
        ]),
        fails('6.4.2 refuses at the first impossible byte', 1007, [
            frame(kText, kosme, { fin: 0 }),
            frame(kContinuation, hex('f4 90'), { fin: 0 }),
        ]),
        fails('6.4.3 refuses before the frame ends', 1007, [
            frame(kText, Buffer.concat([kosme, tooHigh, Buffer.alloc(20, 'x')])).subarray(
                0,
                6 + 15,
            ),
        ]),
        fails(
            '6.4.4 refuses at the first impossible byte of a frame',
            1007,
            chop(
                frame(kText, Buffer.concat([kosme, tooHigh, Buffer.alloc(20, 'x')])).subarray(
                    0,
                    6 + 13,
                ),
                1,
            ),
        ),
        ...[
            hex('c0'),
            hex('c1'),
            hex('f5'),
            hex('ff'),
            hex('e0 80'),
            hex('ed a0'),
            hex('f0 80'),
            hex('f4 90'),
            hex('80'),
        ].map((start) =>
            fails(`6.4.5 refuses ${start.toString('hex')} without waiting for more`, 1007, [
                frame(kText, Buffer.concat([start, Buffer.alloc(9, 'x')])).subarray(
                    0,
                    6 + start.length,
                ),
            ]),
        ),
        fails('6.4.6 refuses a message that ends inside a character', 1007, [
            frame(kText, hex('f0 9f 90')),
        ]),
        fails('6.4.7 refuses a fragmented message that ends inside a character', 1007, [
            frame(kText, hex('f0 9f'), { fin: 0 }),
            frame(kContinuation, hex('90')),
        ]),
        answers(
            '6.4.8 keeps half a character over a ping',
            [
                frame(kText, hex('f0 9f'), { fin: 0 }),
                frame(kPing, ''),
                frame(kContinuation, hex('90 ba')),
            ],
            pong(''),
            text(hex('f0 9f 90 ba')),
        ),
        answers(
            '6.4.9 does not look for UTF-8 in binary',
            [frame(kBinary, broken)],
            binary(broken),
        ),
        ...sequences(),
    ];
}

/** 6.5 to 6.23: Markus Kuhn's stress test, each sequence whole and again byte by byte. */
function sequences(): Case[] {
    const valid: Record<string, string[]> = {
        '6.5': [
            'ce ba',
            'ce ba e1 bd b9',
            'ce ba e1 bd b9 cf 83',
            'ce ba e1 bd b9 cf 83 ce bc',
            'ce ba e1 bd b9 cf 83 ce bc ce b5',
        ],
        '6.7': ['00', 'c2 80', 'e0 a0 80', 'f0 90 80 80'],
        '6.9': ['7f', 'df bf', 'ef bf bf', 'f4 8f bf bf'],
        '6.11': ['ed 9f bf', 'ee 80 80', 'ef bf bd', 'f4 8f bf bf'],
        '6.22': ['ef bf be', ...planes('be'), ...planes('bf')],
        '6.23': [
            'ef bf b9',
            'ef bf ba',
            'ef bf bb',
            'ef bf bc',
            'ef bf bd',
            'ef bf bf',
            'ef bb bf',
        ],
    };
    const invalid: Record<string, string[]> = {
        '6.6': [
            'ce',
            'ce ba e1',
            'ce ba e1 bd',
            'ce ba e1 bd b9 cf',
            'ce ba e1 bd b9 cf 83 ce',
            'ce ba e1 bd b9 cf 83 ce bc ce',
        ],
        '6.8': ['f8 88 80 80 80', 'fc 84 80 80 80 80'],
        '6.10': ['f7 bf bf bf', 'fb bf bf bf bf', 'fd bf bf bf bf bf'],
        '6.11': ['f4 90 80 80'],
        '6.12': [
            '80',
            'bf',
            '80 bf',
            '80 bf 80',
            '80 bf 80 bf',
            '80 bf 80 bf 80',
            '80 bf 80 bf 80 bf',
            everyContinuation(),
        ],
        '6.13': [
            lonely(0xc0, 0xdf),
            lonely(0xe0, 0xef),
            lonely(0xf0, 0xf7),
            lonely(0xf8, 0xfb),
            lonely(0xfc, 0xfd),
        ],
        '6.14': [
            'c0',
            'e0 80',
            'f0 80 80',
            'f8 80 80 80',
            'fc 80 80 80 80',
            'df',
            'ef bf',
            'f7 bf bf',
            'fb bf bf bf',
            'fd bf bf bf bf',
        ],
        '6.15': [
            'c0 e0 80 f0 80 80 f8 80 80 80 fc 80 80 80 80 df ef bf f7 bf bf fb bf bf bf fd bf bf bf bf',
        ],
        '6.16': ['fe', 'ff', 'fe fe ff ff'],
        '6.17': ['c0 af', 'e0 80 af', 'f0 80 80 af', 'f8 80 80 80 af', 'fc 80 80 80 80 af'],
        '6.18': ['c1 bf', 'e0 9f bf', 'f0 8f bf bf', 'f8 87 bf bf bf', 'fc 83 bf bf bf bf'],
        '6.19': ['c0 80', 'e0 80 80', 'f0 80 80 80', 'f8 80 80 80 80', 'fc 80 80 80 80 80'],
        '6.20': [
            'ed a0 80',
            'ed ad bf',
            'ed ae 80',
            'ed af bf',
            'ed b0 80',
            'ed be 80',
            'ed bf bf',
        ],
        '6.21': [
            'ed a0 80 ed b0 80',
            'ed a0 80 ed bf bf',
            'ed ad bf ed b0 80',
            'ed ad bf ed bf bf',
            'ed ae 80 ed b0 80',
            'ed ae 80 ed bf bf',
            'ed af bf ed b0 80',
            'ed af bf ed bf bf',
        ],
    };
    const each = (table: Record<string, string[]>, make: (name: string, payload: Buffer) => Case) =>
        Object.entries(table).flatMap(([group, list]) =>
            list.map((digits, at) =>
                make(`${group}.${at + 1} ${digits.slice(0, 40)}`, hex(digits)),
            ),
        );
    return [
        ...each(valid, (name, payload) =>
            answers(`${name} is echoed`, [frame(kText, payload)], text(payload)),
        ),
        ...each(invalid, (name, payload) =>
            fails(`${name} is refused`, 1007, [frame(kText, payload)]),
        ),
    ];
}

/** The last two code points of planes 1 to 16, which are valid although nobody may use them. */
function planes(last: string): string[] {
    return [...Array(16).keys()].map((at) => {
        const plane = String.fromCodePoint((at + 1) * 0x10000 + (last === 'be' ? 0xfffe : 0xffff));
        return Buffer.from(plane).toString('hex');
    });
}

function everyContinuation(): string {
    return Buffer.from([...Array(64).keys()].map((at) => 0x80 + at)).toString('hex');
}

/** Every start byte of a range, each followed by a space instead of its continuation. */
function lonely(first: number, last: number): string {
    const starts = [...Array(last - first + 1).keys()].map((at) => first + at);
    return Buffer.from(starts.flatMap((start) => [start, 0x20])).toString('hex');
}

// --- 7: closing ---

function closing(): Case[] {
    const hello = frame(kText, 'Hello World!');
    const longest = '*'.repeat(123);
    const valid = [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
        4999,
    ];
    const invalid = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];
    const big = Buffer.alloc(65_536, '*');
    const closed = (name: string, send: Buffer[], ...expect: Case['expect']): Case => ({
        name,
        send,
        expect,
    });
    return [
        closed('7.1.1 echoes and closes', [hello, close(1000)], text('Hello World!'), 'close 1000'),
        closed('7.1.2 ignores a second close', [close(1000), close(1000)], 'close 1000'),
        closed(
            '7.1.3 ignores a ping after close',
            [Buffer.concat([close(1000), frame(kPing, '')])],
            'close 1000',
        ),
        closed(
            '7.1.4 ignores a text after close',
            [Buffer.concat([close(1000), hello])],
            'close 1000',
        ),
        closed(
            '7.1.5 answers close inside a fragmented message',
            [frame(kText, 'fragment1', { fin: 0 }), close(1000), frame(kContinuation, 'fragment2')],
            'close 1000',
        ),
        closed(
            '7.1.6 echoes a long message before it closes',
            [Buffer.concat([frame(kText, big), close(1000), frame(kPing, '')])],
            text(big),
            'close 1000',
        ),
        closed(
            '7.1.7 ignores a broken frame after close',
            [Buffer.concat([close(1000), frame(3, '')])],
            'close 1000',
        ),
        closed('7.3.1 answers a close without a code', [close()], ['close', 'close 1000']),
        fails('7.3.2 refuses a close with one byte', 1002, [frame(kClose, 'a')]),
        closed('7.3.3 answers a close with a code', [close(1000)], 'close 1000'),
        closed('7.3.4 answers a close with a reason', [close(1000, 'Hello World!')], 'close 1000'),
        closed(
            '7.3.5 answers a close with the longest reason',
            [close(1000, longest)],
            'close 1000',
        ),
        fails('7.3.6 refuses a close that is too long', 1002, [close(1000, `${longest}*`)]),
        fails('7.5.1 refuses a reason that is not UTF-8', 1007, [
            close(1000, hex('ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80')),
        ]),
        fails('7.5.2 refuses a reason that ends inside a character', 1007, [
            close(1000, hex('f0 9f 90')),
        ]),
        closed(
            '7.5.3 answers a close with a reason that is UTF-8',
            [close(1000, 'Волк 🐺')],
            'close 1000',
        ),
        ...valid.map((code, at) =>
            closed(`7.7.${at + 1} answers close ${code}`, [close(code)], `close ${code}`),
        ),
        ...valid.map((code, at) =>
            closed(
                `7.7.${at + 1}b answers close ${code} byte by byte`,
                chop(close(code, 'bye'), 1),
                `close ${code}`,
            ),
        ),
        ...invalid.map((code, at) =>
            fails(`7.9.${at + 1} refuses close ${code}`, 1002, [close(code)]),
        ),
        fails('7.13.1 refuses a fragmented close', 1002, [frame(kClose, '', { fin: 0 })]),
    ];
}

// --- 10 and F: fragments by size, framing, limits ---

function framing(): Case[] {
    const big = Buffer.alloc(65_536, '*');
    const unmasked = { mask: 'unmasked' } as const;
    const wide = (size: 2 | 8, value: bigint) => ({ length: { bytes: size, value } });
    const pieces = (count: number) => inFragments(kText, 'x'.repeat(count), 1);
    const empties = (count: number) => [
        frame(kText, '', { fin: 0 }),
        Buffer.concat(Array.from({ length: count }, () => frame(kContinuation, '', { fin: 0 }))),
    ];
    const headOnly = (bytes: Buffer) => bytes.subarray(0, bytes.length - 1);
    const many = [...Array(500).keys()].map((n) => `${n}`);
    return [
        answers(
            '10.1.1 joins 65536 bytes in frames of 1300',
            inFragments(kText, big, 1300),
            text(big),
        ),
        answers(
            '10.1.2 joins 65536 bytes in 64 frames',
            inFragments(kBinary, big, 1024),
            binary(big),
        ),
        fails('F.1 refuses an unmasked text', 1002, [frame(kText, 'Hello', unmasked)]),
        fails('F.2 refuses an unmasked empty binary', 1002, [frame(kBinary, '', unmasked)]),
        fails('F.3 refuses an unmasked ping', 1002, [frame(kPing, '', unmasked)]),
        fails('F.4 refuses an unmasked close', 1002, [frame(kClose, '', unmasked)]),
        fails('F.5 refuses an unmasked continuation', 1002, [
            frame(kText, 'a', { fin: 0 }),
            frame(kContinuation, 'b', unmasked),
        ]),
        fails('F.6 refuses a small length in 16 bits', 1002, [frame(kText, 'Hello', wide(2, 5n))]),
        fails('F.7 refuses length 125 in 16 bits', 1002, [
            frame(kText, 'x'.repeat(125), wide(2, 125n)),
        ]),
        fails('F.8 refuses a small length in 64 bits', 1002, [frame(kText, 'Hello', wide(8, 5n))]),
        fails('F.9 refuses length 65535 in 64 bits', 1002, [
            frame(kText, 'x'.repeat(65_535), wide(8, 65_535n)),
        ]),
        fails('F.10 refuses a control frame with a 16-bit length', 1002, [
            frame(kPing, 'Hello', wide(2, 5n)),
        ]),
        fails('F.11 refuses a close with a 64-bit length', 1002, [frame(kClose, '', wide(8, 0n))]),
        {
            name: 'F.12 refuses a length with the top bit set',
            send: [frame(kText, '', wide(8, 1n << 63n))],
            expect: [['close 1002', 'close 1009']],
        },
        fails('F.13 refuses a length of 2^62', 1009, [frame(kText, '', wide(8, 1n << 62n))]),
        {
            name: 'F.14 refuses a length of 2^64-1',
            send: [frame(kText, '', wide(8, (1n << 64n) - 1n))],
            expect: [['close 1002', 'close 1009']],
        },
        fails('F.15 refuses a message over the limit', 1009, [
            frame(kText, Buffer.alloc(65_537, '*')),
        ]),
        fails('F.16 refuses it as soon as the length is there', 1009, [
            frame(kBinary, '', wide(8, 65_537n)),
        ]),
        fails('F.17 refuses fragments that are together over the limit', 1009, [
            frame(kText, Buffer.alloc(65_000, '*'), { fin: 0 }),
            frame(kContinuation, Buffer.alloc(537, '*')),
        ]),
        answers(
            'F.18 takes fragments that are together at the limit',
            [
                frame(kText, Buffer.alloc(65_000, '*'), { fin: 0 }),
                frame(kContinuation, Buffer.alloc(536, '*')),
            ],
            text(big),
        ),
        answers('F.19 takes 64 fragments', pieces(64), text('x'.repeat(64))),
        fails('F.20 refuses 65 fragments', 1008, pieces(65)),
        fails('F.21 refuses an endless train of empty fragments', 1008, empties(20_000)),
        answers(
            'F.22 answers 50 pings of one segment',
            [Buffer.concat(many.slice(0, 50).map((payload) => frame(kPing, payload)))],
            ...many.slice(0, 50).map(pong),
        ),
        answers(
            'F.23 takes many messages of one segment',
            [Buffer.concat(many.map((payload) => frame(kText, payload)))],
            ...many.map((payload) => text(payload)),
        ),
        answers(
            'F.24 echoes text and binary as what they were',
            [frame(kText, 'a'), frame(kBinary, 'a')],
            text('a'),
            binary('a'),
        ),
        answers(
            'F.25 unmasks with a mask of zeros',
            [hex('81 85 00 00 00 00 48 65 6c 6c 6f')],
            text('Hello'),
        ),
        answers(
            'F.26 unmasks the example of RFC 6455 section 5.7',
            [hex('81 85 37 fa 21 3d 7f 9f 4d 51 58')],
            text('Hello'),
        ),
        answers(
            'F.27 joins the fragments of a message whose mask changes',
            [hex('01 83 37 fa 21 3d 7f 9f 4d'), hex('80 82 00 00 00 00 6c 6f')],
            text('Hello'),
        ),
        { name: 'F.28 closes when we close without a close frame', send: [], expect: [] },
        {
            name: 'F.29 closes when we go away inside a frame',
            send: [headOnly(frame(kText, 'Hello'))],
            expect: [],
        },
        {
            name: 'F.30 closes when we go away inside a message',
            send: [frame(kText, 'Hel', { fin: 0 })],
            expect: [],
        },
        answers(
            'F.31 takes a length of 126 in 16 bits',
            [frame(kBinary, Buffer.alloc(126, 1))],
            binary(Buffer.alloc(126, 1)),
        ),
        answers(
            'F.32 takes the head of a frame byte by byte',
            [...chop(frame(kText, big).subarray(0, 14), 1), frame(kText, big).subarray(14)],
            text(big),
        ),
        fails(
            'F.33 answers what came before a broken frame of the same segment',
            1002,
            [
                Buffer.concat([
                    frame(kText, 'one'),
                    frame(kText, 'two'),
                    frame(kText, 'no', unmasked),
                ]),
            ],
            text('one'),
            text('two'),
        ),
        fails('F.34 refuses a ping of 65536 bytes', 1002, [frame(kPing, big)]),
        fails('F.35 refuses a continuation after a close was never sent', 1002, [
            frame(kContinuation, ''),
        ]),
    ];
}

// --- D: permessage-deflate (RFC 7692) ---

function deflate(): Case[] {
    const offer = 'permessage-deflate; client_max_window_bits';
    const squeezed = (payload: Buffer | string, opcode = kText) =>
        frame(opcode, deflated(payload), { rsv: 4 });
    const cut = (payload: Buffer, at: number, opcode = kText) => [
        frame(opcode, payload.subarray(0, at), { rsv: 4, fin: 0 }),
        frame(kContinuation, payload.subarray(at)),
    ];
    const lines = 'The quick brown wolf jumps over the lazy dog. '.repeat(400);
    const limit = Buffer.alloc(65_536, '*');
    const finalBlock = hex('f3 48 cd c9 c9 07 00');
    const cases: Case[] = [
        answers('D.1 echoes a compressed text', [squeezed('Hello')], text('Hello')),
        answers(
            'D.2 echoes the example of RFC 7692 section 7.2.3.1',
            [frame(kText, hex('f2 48 cd c9 c9 07 00'), { rsv: 4 })],
            text('Hello'),
        ),
        answers(
            'D.3 echoes the fragmented example of RFC 7692',
            cut(hex('f2 48 cd c9 c9 07 00'), 3),
            text('Hello'),
        ),
        answers(
            'D.4 echoes an uncompressed deflate block',
            [frame(kText, hex('00 05 00 fa ff 48 65 6c 6c 6f 00'), { rsv: 4 })],
            text('Hello'),
        ),
        answers(
            'D.5 echoes two deflate blocks in one message',
            [frame(kText, hex('f2 48 05 00 00 00 ff ff ca c9 c9 07 00'), { rsv: 4 })],
            text('Hello'),
        ),
        answers(
            'D.6 echoes an empty message as RFC 7692 writes it',
            [frame(kText, hex('00'), { rsv: 4 })],
            text(''),
        ),
        answers(
            'D.7 echoes a compressed binary',
            [squeezed(bytes(0, 255, 1), kBinary)],
            binary(bytes(0, 255, 1)),
        ),
        answers(
            'D.8 echoes an uncompressed message on a compressing connection',
            [frame(kText, 'plain')],
            text('plain'),
        ),
        answers(
            'D.9 mixes compressed and plain messages',
            [squeezed('a'), frame(kText, 'b'), squeezed('c')],
            text('a'),
            text('b'),
            text('c'),
        ),
        answers('D.10 echoes a long compressed text', [squeezed(lines)], text(lines)),
        answers(
            'D.11 echoes a long compressed text in one-byte segments',
            chop(squeezed(lines), 1),
            text(lines),
        ),
        answers(
            'D.12 echoes compressed fragments with a ping between',
            (() => {
                const [first, second] = cut(deflated(lines), 20) as [Buffer, Buffer];
                return [first, frame(kPing, 'p'), second];
            })(),
            pong('p'),
            text(lines),
        ),
        answers('D.13 echoes a message that inflates to the limit', [squeezed(limit)], text(limit)),
        fails('D.14 refuses a message that inflates over the limit', 1009, [
            squeezed(Buffer.alloc(65_537, '*')),
        ]),
        fails('D.15 refuses a bomb', 1009, [squeezed(Buffer.alloc(40_000_000, 0), kBinary)]),
        fails('D.16 refuses RSV1 on a continuation', 1002, [
            frame(kText, deflated('Hello').subarray(0, 3), { rsv: 4, fin: 0 }),
            frame(kContinuation, deflated('Hello').subarray(3), { rsv: 4 }),
        ]),
        fails('D.17 refuses RSV1 on a ping', 1002, [frame(kPing, 'x', { rsv: 4 })]),
        fails('D.18 refuses RSV1 on a close', 1002, [frame(kClose, hex('03 e8'), { rsv: 4 })]),
        fails('D.19 refuses RSV2', 1002, [frame(kText, deflated('Hello'), { rsv: 6 })]),
        fails('D.20 refuses compressed text that is not UTF-8', 1007, [
            squeezed(hex('ce ba ed a0 80')),
        ]),
        fails('D.21 refuses compressed text that ends inside a character', 1007, [
            squeezed(hex('f0 9f 90')),
        ]),
        {
            name: 'D.22 refuses what is not deflate',
            send: [frame(kText, hex('ff ff ff ff ff ff'), { rsv: 4 })],
            expect: [['close 1002', 'close 1007']],
        },
        {
            name: 'D.23 refuses a deflate block of the reserved type',
            send: [frame(kBinary, hex('07 00 00'), { rsv: 4 })],
            expect: [['close 1002', 'close 1007']],
        },
        {
            name: 'D.24 refuses a stored block whose lengths disagree',
            send: [frame(kBinary, hex('00 05 00 00 00 48'), { rsv: 4 })],
            expect: [['close 1002', 'close 1007']],
        },
        {
            name: 'D.25 refuses a distance before the first byte',
            send: [frame(kBinary, hex('4b 04 62 00'), { rsv: 4 })],
            expect: [['close 1002', 'close 1007']],
        },
        answers(
            'D.26 takes a block with BFINAL set, as RFC 7692 section 7.2.3.4 asks',
            [frame(kText, Buffer.concat([finalBlock, hex('00')]), { rsv: 4 })],
            text('Hello'),
        ),
        answers(
            'D.27 needs nothing from the message before',
            [squeezed(lines), squeezed('Hello'), squeezed(lines)],
            text(lines),
            text('Hello'),
            text(lines),
        ),
        answers(
            'D.28 echoes text that does not compress',
            [squeezed(incompressible)],
            text(incompressible),
        ),
        fails('D.29 refuses a new message inside a compressed one', 1002, [
            ...cut(deflated(lines), 9).slice(0, 1),
            squeezed('x'),
        ]),
        {
            name: 'D.30 closes when we go away inside a compressed message',
            send: cut(deflated(lines), 9).slice(0, 1),
            expect: [],
        },
    ];
    return cases.map((one) => ({ ...one, extensions: offer }));
}

const incompressible = Buffer.from(
    [...Array(30_000).keys()].map((at) => 0x21 + ((at * 7_919 + ((at * at) % 8_191)) % 90)),
);

export const cases: Case[] = [
    ...echoes(),
    ...pings(),
    ...reserved(),
    ...fragments(),
    ...utf8(),
    ...closing(),
    ...framing(),
    ...deflate(),
];
