// api.js: the server's answers. One request for one address at a time; what an address gave is kept while it is shown.
import { released } from './press.js';

export class Problem extends Error {
    constructor(body, status) {
        super(body.detail || body.title || String(status));
        this.status = status;
        this.body = body;
        this.findings = body.findings || [];
    }
}

const headers = () => ({ Authorization: `Bearer ${sessionStorage.getItem('token') || ''}` });

function ask(method, path, body) {
    return body === undefined ? send(method, path) : send(method, path, JSON.stringify(body), 'application/json');
}

async function send(method, path, body, type) {
    const response = await fetch(path, { method, headers: type ? { ...headers(), 'Content-Type': type } : headers(), body });
    const text = await response.text();
    await released();
    const answer = text ? JSON.parse(text) : null;
    if (!response.ok) throw new Problem(answer || {}, response.status);
    return answer;
}

const kept = new Map();
const keptMost = 40;

/** GET; the same address is asked once, until forget(). */
export function get(path) {
    let answer = kept.get(path);
    if (!answer) {
        answer = ask('GET', path);
        answer.catch(() => kept.delete(path));
        kept.set(path, answer);
        if (kept.size > keptMost) kept.delete(kept.keys().next().value);
    }
    return answer;
}

export const fresh = (path) => ask('GET', path);
export const post = (path, body) => ask('POST', path, body);
export const put = (path, body) => ask('PUT', path, body);
export const remove = (path) => ask('DELETE', path);
export const forget = () => kept.clear();

/** Sends a file as it is. */
export const upload = (path, file, method = 'POST', type = 'application/octet-stream') => send(method, path, file, type);

/** Gets a file and lets the browser save it under that name: a link of its own could not carry the token. */
export async function download(path, name) {
    const response = await fetch(path, { headers: headers() });
    if (!response.ok) throw new Problem(await response.json().catch(() => ({})), response.status);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

/** path with queries; those that are empty are left out. */
export function address(path, queries) {
    const given = Object.entries(queries).filter(([, value]) => value !== '' && value !== undefined && value !== null);
    return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

/** Reads the server's events until the page is closed, and asks again when the line breaks. */
export async function listen(then, onLine) {
    for (;;) {
        try {
            const response = await fetch('/api/events', { headers: headers() });
            if (!response.ok) return;
            onLine(true);
            await read(response.body.pipeThrough(new TextDecoderStream()).getReader(), then);
        } catch {
            // the line is broken; asked again below
        }
        onLine(false);
        await new Promise((done) => setTimeout(done, 2000));
    }
}

async function read(reader, then) {
    let waiting = '';
    for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        waiting += value;
        const events = waiting.split('\n\n');
        waiting = events.pop();
        for (const event of events) {
            const name = /^event: (.*)$/m.exec(event);
            const body = /^data: (.*)$/m.exec(event);
            await released();
            if (name && body) then(name[1], JSON.parse(body[1]));
        }
    }
}
