// SPDX-License-Identifier: Apache-2.0
// What no page may ever do, whatever a journey is about.

import { type BrowserContext, expect, type Page } from '@playwright/test';

/** Said by the browser itself when the server is away; journeys do that on purpose. */
const serverAway = /^WebSocket connection to|net::ERR_|Failed to fetch dynamically imported module/;

/** What the API refuses, or a WebSocket's path that is asked why; a file of the portal that is missing is wrong. */
const isRefusal = (text: string, url: string): boolean =>
    text.startsWith('Failed to load resource') && /^\/(api\/|wisdom\/connect$)/.test(new URL(url).pathname);

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
            const text = message.text();
            const meant = serverAway.test(text) || isRefusal(text, message.location().url);
            if (message.type() === 'error' && !meant) {
                this.wrongs.push(`console: ${text}`);
            }
        });
        page.on('dialog', (dialog) => {
            this.wrongs.push(`dialog: ${dialog.message()}`);
            void dialog.dismiss();
        });
    }
}
