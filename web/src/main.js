// main.js: the frame around the views: which case, which plan, which view; language, theme, keys.
import './theme.css';
import { get, fresh, forget, listen, post } from './api.js';
import { fill, h, refill } from './dom.js';
import { noteWork } from './follow.js';
import { change, start, state, watch } from './state.js';
import { languageNow, languages, provenText, say, setLanguage, startLanguage } from './words.js';
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

const head = { case: h('span.case'), tabs: h('div.tabs', { role: 'tablist', 'aria-label': 'Mainstay' }), plan: h('span.group'), status: h('span.group'), tools: h('span.group') };
const frame = { head, main: h('main'), leave: null, shown: '', awaited: 0 };

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

/** Made before the case became what it is now. */
const isOld = (facts) => facts.generation < desk.about.generation;

function planStatus() {
    const facts = planNow();
    const busy = desk.plans.find((other) => other.state === 'running');
    if (!desk.online) return h('span.warn', {}, say('offline'));
    if (desk.about.trouble) return h('span.warn', { role: 'status', title: desk.about.trouble }, say('trouble', { text: desk.about.trouble }));
    if (busy) {
        const stage = busy.stage ? say('plan.running', { stage: busy.stage }) : say('plan.waiting');
        return h('span.busy', { role: 'status' }, `${planTitle(busy)}: ${stage}`);
    }
    if (facts && isOld(facts)) return h('span.warn', { role: 'status' }, say('plan.old'));
    const proven = facts && provenText(facts.gap);
    return facts && h('span.quiet', { title: proven }, proven);
}

/** Plans the case as it is; once it is there, that plan is shown. */
async function planCase() {
    const facts = await post('/api/plans', { title: '', alone: true });
    frame.awaited = facts.plan;
    showAwaited();
}

function showAwaited() {
    const facts = donePlans().find((each) => each.plan === frame.awaited);
    if (!facts) return;
    frame.awaited = 0;
    change({ plan: String(facts.plan) });
}

function planPicker(plans) {
    if (!desk.facts) return null;
    const busy = desk.plans.some((each) => each.state === 'running' || each.state === 'waiting');
    const button = (text) => h('button.primary', { disabled: busy, onclick: planCase }, text);
    if (plans.length === 0) return button(say('plan.make'));
    return [picker(say('plan'), String(planNow().plan), plans, (value) => change({ plan: value })), isOld(planNow()) && button(say('plan.again'))];
}

/** The tabs; arrows go to the next one, as in any list of tabs. */
function tabs() {
    const names = Object.keys(views);
    return names.map((name, place) => h('button', {
        role: 'tab', id: `tab-${name}`, 'aria-controls': 'view', title: `${(place + 1) % 10}`, onclick: () => change({ view: name }),
        onkeydown: (event) => {
            const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: names.length - 1 }[event.key];
            if (to === undefined) return;
            event.preventDefault();
            change({ view: names.at(to % names.length) });
            document.getElementById(`tab-${state().view}`).focus();
        },
    }, say(`view.${name}`)));
}

const tools = () => [picker(say('language'), languageNow(), Object.entries(languages).map(([key, texts]) => [key, texts['language.name'] || key]),
    (value) => { setLanguage(value); redraw(); }),
h('button', { title: say('theme'), 'aria-label': say('theme'), onclick: turnTheme }, '◐'),
h('button', { title: say('help'), 'aria-label': say('help'), onclick: showKeys }, '?')];

/** The head as it is now. Only what has changed in it is made anew: it is drawn with each event. */
function drawHead() {
    const { head } = frame, language = languageNow(), plans = donePlans().map((facts) => [String(facts.plan), planTitle(facts)]);
    const says = (...values) => JSON.stringify([language, ...values]);
    fill(head.case, desk.about.case || '');
    refill(head.tabs, says(desk.about.open !== 'nothing'), () => (desk.about.open === 'nothing' ? [] : tabs()));
    for (const tab of head.tabs.children) {
        const here = tab.id === `tab-${state().view}`;
        tab.setAttribute('aria-selected', String(here));
        tab.tabIndex = here ? 0 : -1;
    }
    refill(head.plan, says(plans, planNow()?.plan, desk.about.generation, desk.plans.map((each) => each.state)), () => planPicker(plans));
    const status = planStatus();
    refill(head.status, status ? status.outerHTML : '', () => status);
    refill(head.tools, language, tools);
}

function turnTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    localStorage.setItem('theme', root.dataset.theme);
    redraw();
}

/** Paper is light: what views have painted is painted anew for it, and then for the screen again. */
function onPaper() {
    const root = document.documentElement, theme = root.dataset.theme;
    const repaint = (paper) => document.dispatchEvent(new CustomEvent('repaint', { detail: { paper } }));
    root.dataset.theme = 'light';
    repaint(true);
    addEventListener('afterprint', () => {
        if (theme) root.dataset.theme = theme;
        else delete root.dataset.theme;
        repaint(false);
    }, { once: true });
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
    // a place of its own for each view: answers that come late fill one that is not there any more
    const body = h('section', { id: 'view', role: 'tabpanel', 'aria-labelledby': `tab-${name}` });
    fill(frame.main, body);
    document.title = `${say(`view.${name}`)} · ${desk.about.case || 'Mainstay'}`;
    frame.shown = desk.facts ? name : '';
    if (!desk.facts && (desk.about.open !== 'book' || !caseless.includes(name))) {
        if (desk.about.open === 'book') fill(body, h('p.note', {}, say('no.case')));
        else frame.leave = begin(body, desk, noteCase);
        return;
    }
    frame.leave = views[name](body, desk, planNow()) || null;
}

function redraw() {
    drawHead();
    draw();
}

// ---- plans as they come ----

const ended = (facts) => facts.state !== 'waiting' && facts.state !== 'running';

function noteFacts(facts) {
    const place = desk.plans.findIndex((other) => other.plan === facts.plan);
    if (place >= 0 && ended(desk.plans[place]) && !ended(facts)) return; // what has ended does not begin again
    const fresh = place < 0 || desk.plans[place].state !== facts.state;
    if (place < 0) desk.plans.push(facts);
    else desk.plans[place] = facts;
    const first = facts.state === 'done' && donePlans().length === 1;
    if (first) change({ plan: String(facts.plan) });
    else drawHead();
    showAwaited();
    if (fresh || facts.state === 'running') document.dispatchEvent(new CustomEvent('plans', { detail: { fresh } }));
}

/** A stress run is further, or has ended. */
function noteStress(facts) {
    const place = desk.stress.findIndex((other) => other.stress === facts.stress);
    if (place >= 0 && ended(desk.stress[place]) && !ended(facts)) return;
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
    fill(document.body, h('header', {}, h('h1.brand', {}, 'Mainstay'), head.case, head.tabs, head.plan, head.status, h('span.push'), head.tools), frame.main);
    redraw();
    watch((now, before) => {
        drawHead();
        if (now.view !== before.view || now.plan !== before.plan) draw();
    });
    document.addEventListener('keydown', onKey);
    addEventListener('beforeprint', onPaper);
    document.addEventListener('stress-changed', refreshStress);
    document.addEventListener('plans-changed', () => { forget(); refreshPlans().then(drawHead); });
    listen((name, body) => {
        if (name === 'plan') noteFacts(body);
        else if (name === 'stress') noteStress(body);
        else if (name === 'case') noteCase();
        else if (name === 'book') document.dispatchEvent(new Event('book'));
        else noteWork(name, body);
    }, (online) => { desk.online = online; drawHead(); });
}

start();
startLanguage();
if (localStorage.getItem('theme')) document.documentElement.dataset.theme = localStorage.getItem('theme');
open().catch((problem) => {
    const text = problem.status === 401 ? say('no.token') : problem.message || say('offline');
    fill(document.body, h('main', {}, h('h1', {}, 'Mainstay'), h('p.note', { role: 'alert' }, text)));
});
