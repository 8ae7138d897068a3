// SPDX-License-Identifier: Apache-2.0
// WebSocket frames as bytes, both ways, without a WebSocket library: the library would refuse to
// write most of what the suite sends, and would forgive some of what a server may answer.

import { createHash } from 'node:crypto';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

// --- Writing (RFC 6455 section 5.2) ---

export interface FrameOptions {
    fin?: 0 | 1;
    /** The three reserved bits as one number: 4 is RSV1, 2 is RSV2, 1 is RSV3. */
    rsv?: number;
    mask?: 'masked' | 'unmasked';
    /** A length written in more bytes than it needs, or one that is not the payload's. */
    length?: { bytes: 2 | 8; value: bigint };
}

const kMask = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export const kContinuation = 0x0;
export const kText = 0x1;
export const kBinary = 0x2;
export const kClose = 0x8;
export const kPing = 0x9;
export const kPong = 0xa;

export function frame(
    opcode: number,
    payload: Buffer | string,
    options: FrameOptions = {},
): Buffer {
    const bytes = Buffer.from(payload as string);
    const masked = options.mask !== 'unmasked';
    const first = ((options.fin ?? 1) << 7) | ((options.rsv ?? 0) << 4) | opcode;
    const length = lengthField(bytes.length, options.length);
    length[0] = (length[0] as number) | (masked ? 0x80 : 0);
    if (!masked) {
        return Buffer.concat([Buffer.from([first]), length, bytes]);
    }
    const hidden = bytes.map((byte, at) => byte ^ (kMask[at % 4] as number));
    return Buffer.concat([Buffer.from([first]), length, kMask, hidden]);
}

function lengthField(size: number, forced: FrameOptions['length']): Buffer {
    const bytes = forced?.bytes ?? (size < 126 ? 0 : size < 65_536 ? 2 : 8);
    const value = forced?.value ?? BigInt(size);
    if (bytes === 0) {
        return Buffer.from([Number(value)]);
    }
    const wide = Buffer.alloc(8);
    wide.writeBigUInt64BE(value);
    return Buffer.concat([Buffer.from([bytes === 2 ? 126 : 127]), wide.subarray(8 - bytes)]);
}

export function close(code?: number, reason: string | Buffer = ''): Buffer {
    if (code === undefined) {
        return frame(kClose, '');
    }
    const head = Buffer.alloc(2);
    head.writeUInt16BE(code & 0xffff);
    return frame(kClose, Buffer.concat([head, Buffer.from(reason as string)]));
}

/** One message in frames of `size` bytes. */
export function inFragments(opcode: number, payload: Buffer | string, size: number): Buffer[] {
    const bytes = Buffer.from(payload as string);
    const frames: Buffer[] = [];
    for (let at = 0; at === 0 || at < bytes.length; at += size) {
        const fin = at + size >= bytes.length ? 1 : 0;
        frames.push(
            frame(at === 0 ? opcode : kContinuation, bytes.subarray(at, at + size), { fin }),
        );
    }
    return frames;
}

/** The same bytes in TCP segments of `size`. */
export function chop(bytes: Buffer | Buffer[], size: number): Buffer[] {
    const whole = Buffer.isBuffer(bytes) ? bytes : Buffer.concat(bytes);
    const pieces: Buffer[] = [];
    for (let at = 0; at < whole.length; at += size) {
        pieces.push(whole.subarray(at, at + size));
    }
    return pieces;
}

/** RFC 7692 section 7.2.1: a sync flush without its last four bytes. */
export function deflated(payload: Buffer | string): Buffer {
    const bytes = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
    return bytes.subarray(0, bytes.length - 4);
}

// --- Reading ---

/** Long payloads are compared by length and digest, so that a failure stays readable. */
export function shown(payload: Buffer | string): string {
    const bytes = Buffer.from(payload as string);
    if (bytes.length > 100) {
        const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
        return `${bytes.length} bytes ${digest}`;
    }
    return bytes.toString('latin1');
}

export const text = (payload: Buffer | string): string => `text ${shown(payload)}`;
export const binary = (payload: Buffer | string): string => `binary ${shown(payload)}`;
export const pong = (payload: Buffer | string): string => `pong ${shown(payload)}`;

/** What a client hears, in words: `text Hello`, `pong abc`, `close 1000`, `violation ...`. */
export class FrameReader {
    readonly heard: string[] = [];
    closeHeard = false;
    private buffered = Buffer.alloc(0);
    private opcode = 0;
    private compressed = false;
    private parts: Buffer[] = [];

    constructor(private readonly deflateNegotiated: boolean) {}

    push(bytes: Buffer): void {
        this.buffered = Buffer.concat([this.buffered, bytes]);
        while (this.takeFrame()) {
            // As long as whole frames are there.
        }
    }

    private takeFrame(): boolean {
        const { buffered } = this;
        if (buffered.length < 2) {
            return false;
        }
        const short = (buffered[1] as number) & 0x7f;
        const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
        if (buffered.length < 2 + extra) {
            return false;
        }
        const length =
            extra === 2
                ? buffered.readUInt16BE(2)
                : extra === 8
                  ? Number(buffered.readBigUInt64BE(2))
                  : short;
        const minimal = length < 126 ? 0 : length < 65_536 ? 2 : 8;
        if (extra !== minimal) {
            this.heard.push(`violation: length ${length} in ${extra} extra bytes`);
        }
        if (buffered.length < 2 + extra + length) {
            return false;
        }
        this.buffered = buffered.subarray(2 + extra + length);
        this.takePayload(buffered, buffered.subarray(2 + extra, 2 + extra + length));
        return true;
    }

    private takePayload(head: Buffer, payload: Buffer): void {
        const [first, second] = [head[0] as number, head[1] as number];
        const fin = (first & 0x80) !== 0;
        const opcode = first & 0x0f;
        if ((second & 0x80) !== 0) {
            this.heard.push('violation: a server must not mask');
        }
        if ((first & 0x30) !== 0 || ((first & 0x40) !== 0 && !this.deflateNegotiated)) {
            this.heard.push('violation: reserved bits');
        }
        if (this.closeHeard) {
            this.heard.push('violation: a frame after close');
        }
        if (opcode >= kClose) {
            this.takeControl(opcode, fin, payload);
            return;
        }
        if (opcode !== kContinuation) {
            this.opcode = opcode;
            this.compressed = (first & 0x40) !== 0;
            this.parts = [];
        }
        this.parts.push(payload);
        if (fin) {
            this.takeMessage();
        }
    }

    private takeControl(opcode: number, fin: boolean, payload: Buffer): void {
        if (!fin || payload.length > 125) {
            this.heard.push('violation: a long or fragmented control frame');
        }
        if (opcode === kClose) {
            this.closeHeard = true;
            this.heard.push(payload.length === 0 ? 'close' : `close ${payload.readUInt16BE(0)}`);
        } else {
            this.heard.push(`${opcode === kPing ? 'ping' : 'pong'} ${shown(payload)}`);
        }
    }

    private takeMessage(): void {
        let payload = Buffer.concat(this.parts);
        if (this.compressed) {
            const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);
            payload = inflateRawSync(Buffer.concat([payload, tail]), {
                finishFlush: constants.Z_SYNC_FLUSH,
            });
        }
        this.heard.push(this.opcode === kText ? text(payload) : binary(payload));
    }
}
