// state.js: what the page shows, kept in the address bar so that a link shows a colleague the same.

const listeners = new Set();
let current = {};

const defaults = { view: 'map', plan: '', day: '0', class: '', partner: '', sel: '', sort: '', search: '', other: '',
    run: '', row: '', marks: '', versus: '',
    hide: '', priority: '', region: '' };

function parse() {
    const found = new URLSearchParams(location.hash.slice(1));
    return { ...defaults, ...Object.fromEntries(found) };
}

/** Takes the token out of the address and keeps it for this tab; the rest of the address becomes the state. */
export function start() {
    const found = new URLSearchParams(location.hash.slice(1));
    const token = found.get('token');
    if (token) {
        sessionStorage.setItem('token', token);
        found.delete('token');
        history.replaceState(null, '', `#${found}`);
    }
    current = parse();
    window.addEventListener('hashchange', () => {
        const before = current;
        current = parse();
        tell(before);
    });
}

export const state = () => current;

/** Changes part of the state; a new view or plan makes a step that "back" undoes. */
export function change(part) {
    const before = current;
    current = { ...current, ...part };
    const kept = Object.entries(current).filter(([key, value]) => value !== '' && value !== defaults[key]);
    const address = `#${new URLSearchParams(kept)}`;
    const step = (part.view && part.view !== before.view) || (part.plan && before.plan && part.plan !== before.plan);
    if (step) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    tell(before);
}

function tell(before) {
    for (const listener of [...listeners]) listener(current, before);
}

/** Calls listener(now, before) at each change; returns what ends that. */
export function watch(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
}
