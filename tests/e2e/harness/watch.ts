// SPDX-License-Identifier: Apache-2.0
// What no page may ever do, whatever a journey is about.

import { type BrowserContext, expect, type Page } from '@playwright/test';

/** Said by the browser itself when the server is away or refuses; journeys do that on purpose. */
const ofTheNetwork = /^Failed to load resource|^WebSocket connection to|net::ERR_/;

/** Watches all pages of a person: scripts that fail, errors on the console, dialogs, breaches of the policy. */
export class Watch {
    private readonly wrongs: string[] = [];

    private constructor(private readonly context: BrowserContext) {}

    static async over(context: BrowserContext): Promise<Watch> {
        const watch = new Watch(context);
        await context.exposeFunction('__breach', (text: string) => watch.wrongs.push(text));
        await context.addInitScript(() => {
            document.addEventListener('securitypolicyviolation', (event) => {
                const where = `${event.sourceFile}:${event.lineNumber}`;
                const text = `${event.effectiveDirective} ${event.blockedURI} ${where}`;
                (window as unknown as { __breach: (text: string) => void }).__breach(text);
            });
        });
        context.on('page', (page) => watch.look(page));
        return watch;
    }

    /** Closes the person's browser, and fails if there was anything. */
    async end(): Promise<void> {
        await this.context.close();
        expect(this.wrongs, 'what the pages did wrong').toEqual([]);
    }

    private look(page: Page): void {
        page.on('pageerror', (error) => this.wrongs.push(`exception: ${error.stack ?? error}`));
        page.on('console', (message) => {
            if (message.type() === 'error' && !ofTheNetwork.test(message.text())) {
                this.wrongs.push(`console: ${message.text()}`);
            }
        });
        page.on('dialog', (dialog) => {
            this.wrongs.push(`dialog: ${dialog.message()}`);
            void dialog.dismiss();
        });
    }
}
