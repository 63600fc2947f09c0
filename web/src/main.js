// main.js: the frame around the views: which case, which plan, which view; language, theme, keys.
import './theme.css';
import { get, fresh, forget, listen, post } from './api.js';
import { fill, h } from './dom.js';
import { change, start, state, watch } from './state.js';
import { gapText, languageNow, languages, say, setLanguage, startLanguage } from './words.js';
import { combined } from './combined.js';
import { contingencies } from './contingencies.js';
import { exchange } from './exchange.js';
import { ledger } from './ledger.js';
import { begin } from './begin.js';
import { edit } from './edit.js';
import { map } from './map.js';
import { plan } from './plan.js';
import { posture } from './posture.js';
import { shortfalls } from './shortfalls.js';
import { whatif } from './whatif.js';

const views = { map, posture, plan, shortfalls, whatif, contingencies, combined, edit, exchange, ledger };

/** Views that show something where no case is open yet. */
const caseless = ['exchange', 'ledger'];

/** Views where somebody is at work: they take a changed case in themselves. */
const keepsWork = new Set(['edit', 'whatif', 'exchange', 'ledger']);

/** What all views share. `plans` is the list as the server has it. */
const desk = { about: null, facts: null, geo: null, contingencies: [], plans: [], stress: [], online: true };

const frame = { head: h('header'), body: h('section', { id: 'view' }), leave: null, shown: '' };

export const planTitle = (facts) => facts.title || say('plan.untitled', { number: facts.plan });
const donePlans = () => desk.plans.filter((facts) => facts.state === 'done');
/** The plan that the address names, or the newest. */
const planNow = () => donePlans().find((facts) => String(facts.plan) === state().plan) || donePlans().at(-1);

// ---- the head ----

function picker(name, value, choices, onchange) {
    const select = h('select', { 'aria-label': name, title: name, onchange: () => onchange(select.value) });
    for (const [key, text] of choices) select.append(h('option', { value: key, selected: key === value }, text));
    return select;
}

function planStatus() {
    const facts = planNow();
    const busy = desk.plans.find((other) => other.state === 'running');
    if (!desk.online) return h('span.warn', {}, say('offline'));
    if (desk.about.trouble) return h('span.warn', { role: 'status', title: desk.about.trouble }, say('trouble', { text: desk.about.trouble }));
    if (busy) {
        const stage = busy.stage ? say('plan.running', { stage: busy.stage }) : say('plan.waiting');
        return h('span.busy', { role: 'status' }, `${planTitle(busy)}: ${stage}`);
    }
    const proven = facts && say('plan.proven', { gap: gapText(facts.gap) });
    return facts && h('span.quiet', { title: proven }, proven);
}

function drawHead() {
    const now = state();
    const tabs = Object.keys(views).map((name, place) =>
        h('button', {
            role: 'tab', id: `tab-${name}`, 'aria-selected': String(now.view === name), 'aria-controls': 'view',
            tabindex: now.view === name ? 0 : -1, title: `${(place + 1) % 10}`, onclick: () => change({ view: name }),
        }, say(`view.${name}`)));
    if (desk.about.open === 'nothing') tabs.length = 0;
    const plans = donePlans().map((facts) => [String(facts.plan), planTitle(facts)]);
    fill(frame.head,
        h('h1.brand', {}, 'Mainstay'), h('span.case', {}, desk.about.case || ''),
        h('div.tabs', { role: 'tablist', 'aria-label': 'Mainstay' }, tabs),
        desk.facts && (plans.length ? picker(say('plan'), String(planNow().plan), plans, (value) => change({ plan: value }))
            : h('button.primary', { onclick: () => post('/api/plans', { title: '', alone: true }) }, say('plan.make'))),
        planStatus(),
        h('span.push'),
        picker(say('language'), languageNow(), Object.entries(languages).map(([key, texts]) => [key, texts['language.name'] || key]),
            (value) => { setLanguage(value); redraw(); }),
        h('button', { title: say('theme'), 'aria-label': say('theme'), onclick: turnTheme }, '◐'),
        h('button', { title: say('help'), 'aria-label': say('help'), onclick: showKeys }, '?'));
}

function turnTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    localStorage.setItem('theme', root.dataset.theme);
    redraw();
}

function showKeys() {
    const dialog = h('dialog', {}, h('h2', {}, say('help')), h('p', {}, say('help.text')),
        h('button.primary', { onclick: () => dialog.close() }, say('close')));
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
}

// ---- the view ----

function draw() {
    const name = views[state().view] ? state().view : 'map';
    if (frame.leave) frame.leave();
    frame.leave = null;
    fill(frame.body);
    frame.body.setAttribute('aria-labelledby', `tab-${name}`);
    frame.body.setAttribute('role', 'tabpanel');
    document.title = `${say(`view.${name}`)} · ${desk.about.case || 'Mainstay'}`;
    frame.shown = desk.facts ? name : '';
    if (!desk.facts && (desk.about.open !== 'book' || !caseless.includes(name))) {
        if (desk.about.open === 'book') fill(frame.body, h('p.note', {}, say('no.case')));
        else frame.leave = begin(frame.body, desk, noteCase);
        return;
    }
    frame.leave = views[name](frame.body, desk, planNow()) || null;
}

function redraw() {
    drawHead();
    draw();
}

// ---- plans as they come ----

function noteFacts(facts) {
    const place = desk.plans.findIndex((other) => other.plan === facts.plan);
    const fresh = place < 0 || desk.plans[place].state !== facts.state;
    if (place < 0) desk.plans.push(facts);
    else desk.plans[place] = facts;
    const first = facts.state === 'done' && donePlans().length === 1;
    if (first) change({ plan: String(facts.plan) });
    else drawHead();
    if (fresh || facts.state === 'running') document.dispatchEvent(new CustomEvent('plans', { detail: { fresh } }));
}

/** A stress run is further, or has ended. */
function noteStress(facts) {
    const place = desk.stress.findIndex((other) => other.stress === facts.stress);
    if (place < 0) desk.stress.push(facts);
    else desk.stress[place] = facts;
    document.dispatchEvent(new Event('stress'));
}

async function refreshStress() {
    desk.stress = await fresh('/api/stress');
    document.dispatchEvent(new Event('stress'));
}

async function refreshPlans() {
    desk.plans = await fresh('/api/plans');
    if (planNow() && String(planNow().plan) !== state().plan) change({ plan: String(planNow().plan) });
    document.dispatchEvent(new CustomEvent('plans', { detail: { fresh: true } }));
}

// ---- keys ----

function onKey(event) {
    const typing = event.target.matches('input, select, textarea');
    if (event.key === 'Escape' && typing) event.target.blur();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const name = /^\d$/.test(event.key) ? Object.keys(views)[(Number(event.key) + 9) % 10] : undefined; // 0: the tenth
    if (name) change({ view: name });
    else if (event.key === '?') showKeys();
    else if (event.key === '/') {
        const search = document.querySelector('input[type=search]');
        if (search) { search.focus(); event.preventDefault(); }
    }
}

async function readCase() {
    desk.about = await fresh('/api');
    if (!desk.about.case) return;
    [desk.facts, desk.geo, desk.contingencies, desk.plans, desk.stress] = await Promise.all([
        get('/api/case'), get('/api/case/map'), get('/api/case/contingencies'), fresh('/api/plans'), fresh('/api/stress')]);
    if (planNow() && String(planNow().plan) !== state().plan) change({ plan: String(planNow().plan) });
}

/** The case is another one: views that hold somebody's work take it in themselves, the others are drawn anew. */
async function noteCase() {
    forget();
    await readCase();
    drawHead();
    if (keepsWork.has(frame.shown)) document.dispatchEvent(new CustomEvent('case'));
    else draw();
}

async function open() {
    await readCase();
    fill(document.body, frame.head, h('main', {}, frame.body));
    redraw();
    watch((now, before) => {
        drawHead();
        if (now.view !== before.view || now.plan !== before.plan) draw();
    });
    document.addEventListener('keydown', onKey);
    document.addEventListener('stress-changed', refreshStress);
    document.addEventListener('plans-changed', () => { forget(); refreshPlans().then(drawHead); });
    listen((name, body) => {
        if (name === 'plan') noteFacts(body);
        else if (name === 'stress') noteStress(body);
        else if (name === 'case') noteCase();
        else if (name === 'book') document.dispatchEvent(new Event('book'));
    }, (online) => { desk.online = online; drawHead(); });
}

start();
startLanguage();
if (localStorage.getItem('theme')) document.documentElement.dataset.theme = localStorage.getItem('theme');
open().catch((problem) => {
    const text = problem.status === 401 ? say('no.token') : problem.message || say('offline');
    fill(document.body, h('main', {}, h('h1', {}, 'Mainstay'), h('p.note', { role: 'alert' }, text)));
});
