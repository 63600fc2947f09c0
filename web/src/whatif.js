// whatif.js: close a port, add a surge, plan that, and see beside the old plan what changes.
import { forget, fresh, post, remove } from './api.js';
import { changesOf, changeTables, changeTiles } from './changes.js';
import { fill, h, keep, noteProgress } from './dom.js';
import { change, state } from './state.js';
import { gapText, number, say, term } from './words.js';

/** What may be done to what: as the columns of contingencies.csv (docs/case-format.md). */
const effects = {
    site: ['close', 'scale', 'set'], lane: ['close', 'scale', 'delay', 'set'], mode: ['close', 'scale', 'delay'], fleet: ['close', 'scale', 'lose', 'set'],
    stock: ['lose'], supply: ['close', 'scale', 'delay', 'set'], demand: ['scale', 'set'], duty: ['scale', 'set'], partner: ['close'],
};

const title = (facts) => facts.title || say('plan.untitled', { number: facts.plan });

/** What an event may name, for the list behind the field. */
function names(desk, what) {
    const features = desk.geo.features.map((feature) => feature.properties);
    if (what === 'site') return features.filter((each) => each.site).map((each) => each.site);
    if (what === 'lane') return features.filter((each) => each.lane).map((each) => each.lane);
    if (what === 'fleet') return [...new Set(features.filter((each) => each.fleet).map((each) => each.fleet))];
    if (what === 'demand' || what === 'supply' || what === 'stock') return ['*'];
    if (what === 'partner') return desk.facts.partners.map((each) => each.partner);
    if (what === 'mode') return [...new Set(features.filter((each) => each.mode).map((each) => each.mode))];
    return [];
}

function eventForm(desk, add) {
    const list = h('datalist', { id: 'names' });
    const field = (label, element) => h('label.field', {}, h('span', {}, label), element);
    const what = h('select', { onchange: follow }, Object.keys(effects).map((word) => h('option', { value: word }, term(word))));
    const which = h('input', { list: 'names', required: true, autocomplete: 'off' });
    const effect = h('select', { onchange: followEffect });
    const amount = h('input', { type: 'number', step: 'any', min: 0 });
    const from = h('input', { type: 'number', min: 0, step: 'any', value: '0', required: true });
    const to = h('input', { type: 'number', min: 0, step: 'any' });
    function follow() {
        fill(list, names(desk, what.value).map((name) => h('option', { value: name })));
        fill(effect, effects[what.value].map((word) => h('option', { value: word }, term(word))));
        followEffect();
    }
    function followEffect() {
        amount.disabled = effect.value === 'close';
        amount.required = !amount.disabled;
        if (amount.disabled) amount.value = '';
    }
    follow();
    if (state().sel.startsWith('site:')) which.value = state().sel.slice(5);
    if (state().sel.startsWith('lane:')) { what.value = 'lane'; follow(); which.value = state().sel.slice(5); }
    return h('form.bar', {
        onsubmit: (event) => {
            event.preventDefault();
            add({ what: what.value, which: which.value, effect: effect.value, from_day: Number(from.value),
                to_day: to.value === '' ? '' : Number(to.value), amount: amount.value === '' ? '' : Number(amount.value) });
        },
    }, list, field(say('whatif.what'), what), field(say('whatif.which'), which), field(say('whatif.effect'), effect),
    field(say('whatif.amount'), amount), field(say('from.day'), from), field(say('to.day'), to),
    h('button', { type: 'submit' }, say('whatif.add')));
}

const eventText = (event) => `${term(event.what)} ${event.which}: ${term(event.effect)}${event.amount === '' ? '' : ` ${event.amount}`}, ` +
    `${say('day')} ${event.from_day}–${event.to_day === '' ? '' : event.to_day}`;

const statusOf = (facts) => (facts.state === 'running' ? say('plan.running', { stage: facts.stage || '' })
    : facts.state === 'done' ? `${say('plan.seconds', { seconds: number(facts.seconds) })} · ${gapText(facts.gap)}`
        : `${say(`plan.${facts.state}`)} ${facts.error || ''}`);

function planLine(facts, base, redraw) {
    const running = facts.state === 'running' || facts.state === 'waiting';
    const line = h('li.line', {},
        h('button.link', { disabled: facts.state !== 'done', onclick: () => { change({ plan: String(facts.plan), other: base }); redraw(); } }, title(facts)),
        h('span.quiet.stage-text'), h('span.quiet', {}, facts.who === 'you' ? say('you') : facts.who),
        running && h('progress', { 'aria-label': title(facts), max: 1 }),
        running && h('button', { onclick: () => post(`/api/plans/${facts.plan}/cancel`) }, say('plan.cancel')),
        !running && h('button', {
            onclick: async () => { await remove(`/api/plans/${facts.plan}`); document.dispatchEvent(new Event('plans-changed')); },
        }, say('plan.forget')));
    updateLine(line, facts);
    return line;
}

function updateLine(line, facts) {
    line.querySelector('.stage-text').textContent = statusOf(facts);
    noteProgress(line.querySelector('progress'), facts.done);
    if (String(facts.plan) === state().plan) line.setAttribute('aria-current', 'true');
    else line.removeAttribute('aria-current');
}

async function comparison(place, before, after, unlike) {
    const answer = await changesOf(before, after);
    fill(place, h('h2', {}, say('whatif.change')), unlike && h('p.warn', { role: 'status' }, say('whatif.unlike')), changeTiles(answer),
        h('div.bar', {}, h('button', { onclick: () => change({ view: 'map', plan: after, versus: before }) }, say('stress.map'))), changeTables(answer));
}

// ---- kept as a contingency of the case ----

/** An id that no contingency of the case has, made of the name. */
function idFor(text, taken) {
    const plain = text.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'what-if';
    let id = plain;
    for (let number_ = 2; taken.has(id); number_++) id = `${plain}-${number_}`;
    return id;
}

/** Writes what was put together as rows of contingencies.csv: its own events, and those of the contingencies that are in it. */
async function keepInCase(desk, title_) {
    const id = idFor(title_, new Set(desk.contingencies.map((each) => each.contingency)));
    const own = desk.contingencies.filter((each) => chosen.contingencies.has(each.contingency)).flatMap((each) => each.events);
    const cell = (value) => (value === null || value === undefined ? '' : String(value));
    const changes = [...own, ...chosen.events].map((event) => ({ table: 'contingencies.csv', add: { contingency: id, name: title_,
        ...Object.fromEntries(['from_day', 'to_day', 'what', 'which', 'effect', 'amount'].map((column) => [column, cell(event[column])])) } }));
    const { generation } = await fresh('/api');
    await post('/api/case/changes', { generation, changes });
    forget();
    desk.contingencies = await fresh('/api/case/contingencies');
    Object.assign(chosen, { events: [], contingencies: new Set([id]), title: title_ });
}

/** What is being put together; it stays while other views are looked at. */
const chosen = { events: [], contingencies: new Set(), title: '' };

/** Puts events and contingencies there from elsewhere. */
export function propose({ title: text, events, contingencies }) {
    Object.assign(chosen, { events: [...events], contingencies: new Set(contingencies), title: text });
}

export function whatif(body, desk) {
    const list = h('ul.lines'), plans = h('ul.lines'), problems = h('div', { role: 'alert' }), result = h('section.result'), own = h('div'), done = h('p.quiet', { role: 'status' });
    const name = h('input', { 'aria-label': say('whatif.title'), placeholder: say('whatif.title'), maxlength: 100, value: chosen.title, oninput: () => { chosen.title = name.value; } });

    function drawEvents() {
        fill(list, chosen.events.length || chosen.contingencies.size ? chosen.events.map((event, ix) => h('li.line', {}, h('span', {}, eventText(event)),
            h('button', { onclick: () => { chosen.events.splice(ix, 1); drawEvents(); } }, say('whatif.remove'))))
            : h('li.note', {}, say('whatif.none')));
    }
    function drawPlans() {
        const base = desk.plans.find((facts) => facts.state === 'done');
        const before = state().other || (base ? String(base.plan) : '');
        keep(plans, desk.plans, (facts) => `${facts.plan} ${facts.state} ${before}`, (facts) => planLine(facts, before, drawPlans), updateLine);
        const after = desk.plans.find((facts) => String(facts.plan) === state().plan && facts.state === 'done');
        const other = desk.plans.find((facts) => String(facts.plan) === before);
        if (after && other && other !== after) comparison(result, before, state().plan, other.generation !== after.generation);
        else fill(result);
    }
    function drawContingencies() {
        fill(own, desk.contingencies.length > 0 && h('h2', {}, say('whatif.contingencies')),
            h('ul.lines', {}, desk.contingencies.map((each) => h('li.line', {}, h('label', {}, h('input', {
                type: 'checkbox', checked: chosen.contingencies.has(each.contingency),
                onchange: (event) => { chosen.contingencies[event.target.checked ? 'add' : 'delete'](each.contingency); drawEvents(); },
            }), ` ${each.name || each.contingency}`)))));
    }
    const titleNow = () => name.value || [...chosen.contingencies, ...chosen.events.map(eventText)].join('; ').slice(0, 100);
    const tell = (problem) => fill(problems, problem.findings?.length ? problem.findings.map((finding) => h('p.problem', {}, finding.message)) : h('p.problem', {}, problem.message));
    async function store() {
        fill(problems);
        fill(done);
        if (chosen.events.length + chosen.contingencies.size === 0) {
            fill(problems, h('p.problem', {}, say('whatif.none')));
            return;
        }
        try {
            const text = titleNow();
            await keepInCase(desk, text);
            drawEvents();
            drawContingencies();
            fill(done, say('whatif.kept', { name: text }));
        } catch (problem) {
            tell(problem);
        }
    }
    async function run() {
        fill(problems);
        try {
            const order = { title: titleNow(), contingencies: [...chosen.contingencies], events: chosen.events };
            const facts = await post('/api/plans', order);
            waiting = facts.plan;
            onPlans(); // a small case may be done before the order's answer is here
        } catch (problem) {
            tell(problem);
        }
    }
    let waiting = 0;
    function onPlans() {
        const ready = desk.plans.find((facts) => facts.plan === waiting && facts.state === 'done');
        if (ready) {
            const base = desk.plans.find((facts) => facts.state === 'done' && facts.plan !== waiting);
            waiting = 0;
            change({ plan: String(ready.plan), other: base ? String(base.plan) : '' });
        }
        drawPlans();
    }
    fill(body, h('div.columns.first-wide', {},
        h('section', {}, h('h2', {}, say('whatif.events')), eventForm(desk, (event) => { chosen.events.push(event); drawEvents(); }), list,
            own,
            problems, h('div.bar.apart', {}, name, h('button.primary', { onclick: run }, say('whatif.run')),
                h('button', { onclick: store, title: say('whatif.keep.hint') }, say('whatif.keep'))), done),
        h('section', {}, h('h2', {}, say('whatif.plans')), plans)), result);
    drawEvents();
    drawContingencies();
    drawPlans();
    document.addEventListener('plans', onPlans);
    return () => document.removeEventListener('plans', onPlans);
}
