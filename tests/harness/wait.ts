// SPDX-License-Identifier: Apache-2.0
// Waiting without sleeping: every wait has a deadline and says what it waited for.

/** What a test waits for unless it says otherwise; generous, since two cores run everything. */
export const kPatienceMs = 10_000;

/** `promise`, or an error naming `what` when `ms` pass first. */
export function within<T>(promise: Promise<T>, what: string, ms = kPatienceMs): Promise<T> {
    let timer: NodeJS.Timeout;
    const deadline = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
    });
    return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

/**
 * Asks `probe` again and again until it answers something other than false or undefined. A `what`
 * that is a function is called when the time is over.
 */
export async function eventually<T>(
    what: string | (() => string),
    probe: () => Promise<T | false | undefined> | T | false | undefined,
    ms = kPatienceMs,
): Promise<T> {
    const deadline = performance.now() + ms;
    for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
        const answer = await probe();
        if (answer !== false && answer !== undefined) {
            return answer;
        }
        if (performance.now() > deadline) {
            throw new Error(`not within ${ms} ms: ${typeof what === 'string' ? what : what()}`);
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
}

/** Things that arrive one by one, read by a test that may come before or after them. */
export class Mailbox<T> {
    private readonly waiting: T[] = [];
    private readers: Array<() => void> = [];
    private ended: string | undefined;

    put(thing: T): void {
        this.waiting.push(thing);
        this.wake();
    }

    /** Nothing more will come; what has come can still be read. */
    end(reason: string): void {
        this.ended ??= reason;
        this.wake();
    }

    async next(what: string, ms = kPatienceMs): Promise<T> {
        const deadline = performance.now() + ms;
        while (this.waiting.length === 0) {
            if (this.ended !== undefined) {
                throw new Error(`ended (${this.ended}) before ${what}`);
            }
            await within(
                new Promise<void>((resolve) => this.readers.push(resolve)),
                what,
                Math.max(1, deadline - performance.now()),
            );
        }
        return this.waiting.shift() as T;
    }

    async take(count: number, what: string, ms = kPatienceMs): Promise<T[]> {
        const taken: T[] = [];
        const deadline = performance.now() + ms;
        while (taken.length < count) {
            const label = `${what}, number ${taken.length + 1} of ${count}`;
            taken.push(await this.next(label, Math.max(1, deadline - performance.now())));
        }
        return taken;
    }

    /** What has come so far and was not read yet. */
    drain(): T[] {
        return this.waiting.splice(0);
    }

    private wake(): void {
        const readers = this.readers;
        this.readers = [];
        for (const reader of readers) {
            reader();
        }
    }
}
