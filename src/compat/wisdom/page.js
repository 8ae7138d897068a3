// SPDX-License-Identifier: Apache-2.0
// The wisdom door's own page: connects, subscribes where that is wanted, and comes back after a loss.
(() => {
    const words = {
        ru: {
            button: 'Подписка',
            connecting: 'Связи с волками нет, пробуем снова…',
            ready: 'Волки молчат, пока на них не подписаны.',
            subscribed: 'Подписка есть. Волк скажет, когда придёт время.',
            left: 'Без подписки и волк не воет.',
        },
        en: {
            button: 'Subscription',
            connecting: 'No connection to the wolves; trying again…',
            ready: 'The wolves say nothing until you subscribe.',
            subscribed: 'You are subscribed. The wolf speaks in due time.',
            left: 'Nobody listens, nobody howls.',
        },
    };
    const language = navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en';
    const text = words[language];
    const button = document.getElementById('subscription');
    const place = document.getElementById('wisdom');
    let socket = null;
    let wanted = false;

    const show = (line) => {
        place.textContent = line;
    };
    const say = (type) => socket.send(JSON.stringify({ type, payload: {} }));
    const hear = {
        initial: () => {
            say('connect');
            button.disabled = false;
            if (wanted) {
                say('subscribe');
            } else {
                show(text.ready);
            }
        },
        subscribe_confirmation: () => show(text.subscribed),
        wisdom_distribution: ({ message }) => show(message),
    };

    function connect() {
        const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
        socket = new WebSocket(`${scheme}//${location.host}/connect?lang=${language}`);
        const pings = setInterval(() => socket.readyState === WebSocket.OPEN && say('ping'), 5000);
        socket.onmessage = ({ data }) => {
            const { type, payload } = JSON.parse(data);
            hear[type]?.(payload);
        };
        socket.onclose = () => {
            clearInterval(pings);
            button.disabled = true;
            show(text.connecting);
            setTimeout(connect, 2000 + Math.random() * 2000);
        };
    }

    button.onclick = () => {
        wanted = !wanted;
        button.setAttribute('aria-pressed', String(wanted));
        say(wanted ? 'subscribe' : 'unsubscribe');
        if (!wanted) {
            show(text.left);
        }
    };
    document.documentElement.lang = language;
    button.textContent = text.button;
    show(text.connecting);
    connect();
})();
