// SPDX-License-Identifier: Apache-2.0

export interface SseEvent {
    /** Empty when the server named none: a browser dispatches it as `message`. */
    type: string;
    data: string;
    lastEventId: string;
}

/**
 * A strict reader of `text/event-stream` by the letter of WHATWG HTML section 9.2.6, written from
 * the specification so that it shares no mistake with the encoder it checks. It refuses fields that
 * the specification would have a browser ignore: a server must not send them.
 */
export class SseParser {
    readonly comments: string[] = [];
    retryMs: number | undefined;
    lastEventId = '';
    private line = '';
    private afterCarriageReturn = false;
    private atStart = true;
    private type = '';
    private data: string[] = [];
    private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

    constructor(private readonly dispatch: (event: SseEvent) => void) {}

    push(bytes: Uint8Array): void {
        for (const character of this.decoder.decode(bytes, { stream: true })) {
            this.takeCharacter(character);
        }
    }

    private takeCharacter(character: string): void {
        const isSecondHalfOfCrLf = character === '\n' && this.afterCarriageReturn;
        this.afterCarriageReturn = character === '\r';
        if (isSecondHalfOfCrLf || (this.atStart && character === '\ufeff')) {
            this.atStart = false;
            return;
        }
        this.atStart = false;
        if (character === '\r' || character === '\n') {
            this.takeLine(this.line);
            this.line = '';
        } else {
            this.line += character;
        }
    }

    private takeLine(line: string): void {
        if (line === '') {
            this.endEvent();
        } else if (line.startsWith(':')) {
            this.comments.push(line.slice(1));
        } else {
            const colon = line.indexOf(':');
            const field = colon < 0 ? line : line.slice(0, colon);
            const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
            this.takeField(field, value);
        }
    }

    private takeField(field: string, value: string): void {
        if (field === 'data') {
            this.data.push(value);
        } else if (field === 'event') {
            this.type = value;
        } else if (field === 'id' && !value.includes('\0')) {
            this.lastEventId = value;
        } else if (field === 'retry' && /^[0-9]+$/.test(value)) {
            this.retryMs = Number(value);
        } else {
            throw new Error(`the stream has a field nobody asked for: ${field}: ${value}`);
        }
    }

    private endEvent(): void {
        if (this.data.length > 0) {
            const { type, lastEventId } = this;
            this.dispatch({ type, data: this.data.join('\n'), lastEventId });
        }
        this.type = '';
        this.data = [];
    }
}
