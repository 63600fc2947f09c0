// contingencies.js: what happens when things break: stress runs, their ranking, charts and numbers; a failure's plan beside the plan without
// it; the worst of them on the map.
import { download, get, post, remove } from './api.js';
import { histogram, tornado } from './charts.js';
import { changesOf, changeTables, changeTiles } from './changes.js';
import { fill, h, keep, noteProgress } from './dom.js';
import { longList } from './list.js';
import { change, state, watch } from './state.js';
import { propose } from './whatif.js';
import { number, say, share, term, tonnes } from './words.js';

const modes = ['named', 'each', 'pairs', 'worst', 'sample'];
const barsMost = 15;

const runTitle = (run) => run.title || say(`stress.${run.mode}`);
const basePlan = (desk) => desk.plans.find((facts) => facts.state === 'done' && !facts.events && !facts.contingencies);

// ---- an order ----

function orderForm(desk, order) {
    const field = (label, element, on) => h('label.field', { hidden: !on }, h('span', {}, label), element);
    const count = (value, min, max) => h('input', { type: 'number', min, max, step: 1, value: String(value), required: true });
    const form = h('form.bar', { onsubmit: (event) => { event.preventDefault(); order(body()); } });
    const mode = h('select', { onchange: draw }, modes.map((name) => h('option', { value: name, disabled: desk.contingencies.length === 0 && (name === 'named' || name === 'sample') }, say(`stress.${name}`))));
    const what = ['site', 'lane', 'fleet', 'partner'].map((name) => h('label', {}, h('input', { type: 'checkbox', value: name, checked: name !== 'partner' }), ` ${term(name)}`));
    const from = h('input', { type: 'number', min: 0, step: 'any', value: '0', required: true }), days = h('input', { type: 'number', min: 0, step: 'any', value: '' });
    const pairs = count(10, 1, 1000), size = count(2, 2, 16), samples = count(500, 20, 1000000);
    if (desk.contingencies.length === 0) mode.value = 'each';
    function body() {
        const ranked = ['each', 'pairs', 'worst'].includes(mode.value);
        const chosen = what.map((label) => label.querySelector('input')).filter((box) => box.checked).map((box) => box.value);
        return { mode: mode.value,
            ...(ranked && { what: chosen.join(','), from_day: Number(from.value), for_days: Number(days.value) || 0 }),
            ...(mode.value === 'pairs' && { count: Number(pairs.value) }), ...(mode.value === 'worst' && { count: Number(size.value) }),
            ...(mode.value === 'sample' && { samples: Number(samples.value) }) };
    }
    function draw() {
        const ranked = ['each', 'pairs', 'worst'].includes(mode.value);
        fill(form, field(say('stress.question'), mode, true),
            h('span.field', { role: 'group', 'aria-label': say('stress.what'), hidden: !ranked }, h('span', {}, say('stress.what')), h('span.checks', {}, what)),
            field(say('from.day'), from, ranked), field(say('stress.for'), days, ranked),
            mode.value === 'pairs' && field(say('stress.count'), pairs, true), mode.value === 'worst' && field(say('stress.size'), size, true),
            mode.value === 'sample' && field(say('stress.samples'), samples, true),
            h('button.primary', { type: 'submit' }, say('stress.run')));
    }
    draw();
    return form;
}

const runText = (run) => (run.state === 'running' ? `${run.stage || ''}${run.eta_seconds ? ` · ${say('eta', { seconds: number(run.eta_seconds, 0) })}` : ''}`
    : run.state === 'done' ? say('plan.seconds', { seconds: number(run.seconds) }) + (run.stopped ? ` · ${say('stress.stopped')}` : '')
        : `${say(`plan.${run.state}`)} ${run.error || ''}`);

function runLine(run, shown, choose, old) {
    const busy = run.state === 'running' || run.state === 'waiting';
    const line = h('li.line', {},
        h('button.link', { disabled: run.state !== 'done', onclick: () => choose(run) }, `${run.stress}. ${runTitle(run)}`), h('span.quiet.stage-text'), old && h('span.tag.warn', {}, say('stress.old.tag')),
        busy && h('progress', { 'aria-label': runTitle(run), max: 1 }),
        busy && h('button', { onclick: () => post(`/api/stress/${run.stress}/cancel`) }, say('plan.cancel')),
        !busy && h('button', { onclick: async () => { await remove(`/api/stress/${run.stress}`); document.dispatchEvent(new Event('stress-changed')); } }, say('plan.forget')));
    updateLine(line, run, shown);
    return line;
}

/** A run knows the case as it was; what was edited since is not in it. */
const isOld = (desk, run) => run.generation < desk.about.generation;

function updateLine(line, run, shown) {
    line.querySelector('.stage-text').textContent = runText(run);
    noteProgress(line.querySelector('progress'), run.done);
    if (run.stress === shown) line.setAttribute('aria-current', 'true');
    else line.removeAttribute('aria-current');
}

// ---- rows of named contingencies and of rankings, as one ----

function shortOf(row) {
    const sums = new Map();
    for (const [key, value] of Object.entries(row)) {
        const found = /^short_p(\d+)_t$/.exec(key);
        if (found) sums.set(Number(found[1]), value);
    }
    for (const part of row.added_by || []) sums.set(part.priority, (sums.get(part.priority) || 0) + part.added_t);
    return sums;
}

const sumOf = (parts, key) => (parts || []).reduce((sum, part) => sum + (part[key] || 0), 0);

function rowsOf(run, result) {
    if (run.mode === 'named')
        return result.contingencies.map((row, ix) => ({ key: row.contingency, place: ix + 1, title: row.name, added: Math.max(0, row.added), least: Math.max(0, row.added_least), most: row.added_most,
            short: shortOf(row), late: sumOf(row.added_by, 'added_late_t_days'), alone: sumOf(row.added_by, 'alone_added_t'), survive: row.survive_days, first: row.first_short_day, recovery: row.recovery_day,
            site: row.dry_site, item: row.dry_item, by: row.added_by, shifts: row.shifts, contingencies: row.contingencies, closed: [] }));
    return result.rows.map((row, ix) => ({ key: row.failure, place: ix + 1, title: row.closed.map((one) => `${term(one.what)} ${one.which}`).join(' + '), added: row.added, least: row.added_least, most: row.added_most,
        apart: row.added_apart, short: shortOf(row), late: row.late_t_days, survive: row.survive_days, first: row.first_short_day, recovery: row.recovery_day, site: row.first_dry_site, item: row.first_dry_item,
        exposure: row.exposure, chance: row.chance, closed: row.closed, contingencies: [],
        events: row.closed.map((one) => ({ ...one, effect: 'close', from_day: result.from_day, to_day: result.to_day, amount: '' })) }));
}

const columns = (priorities, ranked) => [
    { key: 'place', head: '#', width: '2.5rem', of: (row) => row.place },
    { key: 'title', head: say('stress.failure'), width: 'minmax(9rem,3fr)', of: (row) => row.title, words: true },
    { key: 'added', head: say('head.added'), width: '6rem', of: (row) => row.added },
    ...priorities.map((priority) => ({ key: `p${priority}`, head: say('head.short', { priority }), width: '5rem', of: (row) => row.short.get(priority) ?? 0 })),
    { key: 'late', head: say('head.late'), width: '5rem', of: (row) => row.late ?? 0 },
    { key: 'survive', head: say('head.survive'), width: '6rem', of: (row) => row.survive ?? Infinity },
    { key: 'recovery', head: say('head.recovery'), width: '6rem', of: (row) => row.recovery ?? (row.first === null ? -Infinity : Infinity) },
    { key: 'site', head: say('stress.dry'), width: 'minmax(6rem,2fr)', of: (row) => [row.site, row.item].filter(Boolean).join(' · '), words: true },
    ranked && { key: 'exposure', head: say('stress.exposure'), width: '5.5rem', of: (row) => row.exposure ?? 0 },
].filter(Boolean);

function cellText(column, row) {
    const value = column.of(row);
    if (column.words || column.key === 'place') return String(value);
    if (column.key === 'survive') return Number.isFinite(value) ? number(value) : say('head.all');
    if (column.key === 'recovery') return Number.isFinite(value) ? number(value) : value > 0 ? say('head.never') : '–';
    return number(Math.abs(value) < 0.05 ? 0 : value);
}

/** sort in the address: a column's key, with a minus when it falls. */
function sorted(rows, all) {
    const [, minus, key] = /^(-?)(.*)$/.exec(state().sort);
    const column = all.find((each) => each.key === key);
    if (!column) return rows;
    const compare = (a, b) => (column.words ? column.of(a).localeCompare(column.of(b)) : column.of(a) - column.of(b)) || a.place - b.place;
    return [...rows].sort((a, b) => (minus ? -1 : 1) * compare(a, b));
}

function rankingTable(rows, all, onrow, onsort) {
    const [, minus, now] = /^(-?)(.*)$/.exec(state().sort);
    const list = longList({
        label: say('stress.ranking'),
        columns: all.map((column) => ({
            title: h('button.head-sort', { onclick: () => { change({ sort: now === column.key && !minus ? `-${column.key}` : now === column.key ? '' : column.words || column.key === 'place' || column.key === 'survive' ? column.key : `-${column.key}` }); onsort(); } }, column.head, now === column.key ? (minus ? ' ▾' : ' ▴') : ''),
            sorted: now === column.key ? (minus ? 'descending' : 'ascending') : undefined,
            width: column.width, right: !column.words && column.key !== 'place', cell: (row) => cellText(column, row) })),
        fetchPage: async (offset, limit) => { const found = sorted(rows, all); return { total: found.length, rows: found.slice(offset, offset + limit) }; },
        onrow,
    });
    list.reload();
    return list.element;
}

// ---- one failure ----

const planTitleOf = (row) => row.title.slice(0, 100);
const marksOf = (row) => row.closed.map((one) => `${one.what}:${one.which}`).join(',');
const orderOf = (row) => ({ title: planTitleOf(row), contingencies: row.contingencies, events: row.events || [] });

function facts(row, priorities) {
    const pairs = [[say('stress.added'), `${number(row.added)} (${number(row.least)} – ${number(row.most)})`],
        row.apart !== undefined && row.apart !== null && [say('stress.apart'), number(row.apart)],
        ...priorities.map((priority) => [say('stress.short', { priority }), tonnes(row.short.get(priority) ?? 0)]),
        [say('stress.late'), number(row.late ?? 0)],
        row.alone !== undefined && [say('stress.alone'), tonnes(row.alone)],
        [say('stress.survive'), row.survive === null ? say('stress.all') : say('days', { days: number(row.survive) })],
        [say('stress.recovery'), row.recovery === null ? (row.first === null ? '–' : say('stress.never')) : number(row.recovery)],
        row.site && [say('stress.dry'), `${row.site} · ${row.item}`],
        row.chance !== undefined && row.chance !== null && [say('stress.chance'), share(row.chance)]];
    return h('dl', {}, pairs.filter(Boolean).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

const shiftList = (shifts) => h('ul.lines', {}, shifts.slice(0, 8).map((shift) => h('li.line', {},
    h('button.link', { onclick: () => change({ view: 'map', sel: shift.lane ? `lane:${shift.lane}` : `site:${shift.site}` }) }, shift.lane || shift.site),
    h('span.quiet', {}, `${tonnes(shift.before_t)} → ${tonnes(shift.after_t)}`))));

/** What the plan does instead: known from the run, or planned on demand. */
function instead(desk, row, place, wide) {
    const base = basePlan(desk), mine = desk.plans.findLast((each) => each.title === planTitleOf(row) && each.events + each.contingencies > 0);
    const busy = mine && (mine.state === 'running' || mine.state === 'waiting');
    const same = `${row.key} ${mine?.plan} ${mine?.state}`;
    if (place.dataset.shows === same) {
        noteProgress(place.querySelector('progress'), mine?.done);
        return;
    }
    place.dataset.shows = same;
    fill(place, h('h3', {}, say('stress.instead')),
        row.shifts && !mine && shiftList(row.shifts),
        h('div.bar', {},
            !mine && h('button.primary', { onclick: () => post('/api/plans', orderOf(row)) }, say('stress.plan')),
            busy && h('progress', { 'aria-label': say('plan.running', { stage: '' }), max: 1 }),
            busy && h('button', { onclick: () => post(`/api/plans/${mine.plan}/cancel`) }, say('plan.cancel')),
            mine?.state === 'done' && base && h('button', { onclick: () => change({ view: 'map', plan: String(mine.plan), versus: String(base.plan), marks: marksOf(row), sel: '' }) }, say('stress.map')),
            !mine && row.closed.some((one) => one.what === 'site' || one.what === 'lane') && h('button', { onclick: () => change({ view: 'map', marks: marksOf(row), sel: '' }) }, say('stress.marks')),
            h('button', { onclick: () => { propose(orderOf(row)); change({ view: 'whatif' }); } }, say('stress.whatif'))));
    fill(wide);
    if (mine?.state !== 'done' || !base) return;
    changesOf(base.plan, mine.plan).then((answer) => fill(wide, h('h2', {}, `${say('stress.instead')}: ${row.title}`), changeTiles(answer), changeTables(answer)));
}

function rankingView(desk, run, result, place) {
    const rows = rowsOf(run, result), ranked = run.mode !== 'named';
    const priorities = [...new Set(rows.flatMap((row) => [...row.short.keys()]))].sort((a, b) => a - b);
    const all = columns(priorities, ranked);
    const chart = h('div'), panel = h('section.panel', { 'aria-live': 'polite' }), table = h('div.list-place'), told = h('div'), wide = h('section');
    const further = h('div');
    let shown = null;
    const now = () => rows.find((row) => row.key === state().row) || rows[0];
    const choose = (key) => change({ row: key });
    function drawRow() {
        const row = now();
        if (row && row !== shown) {
            shown = row;
            fill(chart, tornado({ rows: rows.slice(0, barsMost).map((each) => ({ key: each.key, title: each.title, value: each.added, least: each.least, most: each.most })), label: say('stress.chart'), chosen: row.key, onchoose: choose }));
            fill(panel, h('h2', {}, `${row.place}. ${row.title}`), facts(row, priorities), further);
        }
        if (row) instead(desk, row, further, wide);
    }
    const drawTable = () => fill(table, rankingTable(rows, all, (row) => choose(row.key), drawTable));
    fill(told, h('p', {}, ranked ? say('stress.told', { failures: number(result.failures, 0), harmless: number(result.harmless, 0), solved: number(result.solved, 0) }) : say('stress.told.named', { count: rows.length }),
        result.others_most !== undefined && run.mode === 'pairs' && ` ${say('stress.others', { most: number(result.others_most), sets: number(result.sets, 0) })}`,
        (result.stopped || run.stopped) && h('b', {}, ` ${say('stress.stopped')}`)));
    fill(place, told, rows.length ? [h('div.split', {}, h('section', {}, h('h2', {}, say('stress.chart')), chart, h('p.quiet', {}, say('stress.chart.hint'))), panel), wide,
        h('h2', {}, say('stress.ranking')), table] : h('p.note', {}, say('nothing')));
    drawRow();
    drawTable();
    return drawRow;
}

// ---- an ensemble ----

function tile(name, value, further) {
    return h('div.tile', {}, h('span.quiet', {}, name), h('b', {}, value), h('span.quiet', {}, further));
}

const meter = (part) => h('span.meter', { 'aria-hidden': 'true' }, h('i', { style: { width: `${(100 * part).toFixed(1)}%` } }));
const head = (texts) => h('thead', {}, h('tr', {}, texts.map((text) => h('th', { scope: 'col' }, text))));

function sampleView(result, place) {
    const all = result.shortfall.find((row) => row.partner === '*' && row.priority === null && row.measure === 'short_t');
    const spreads = result.shortfall.filter((row) => row.measure === 'short_t');
    const half = (value) => `± ${number(value)}`;
    const chart = all && histogram({ counts: result.distribution.scenarios, to: result.distribution.to, unit: say('sample.unit'), label: say('sample.chart', { count: number(result.scenarios, 0), mean: tonnes(all.mean), cvar: tonnes(all.cvar_95) }),
        marks: [{ at: all.base, name: `${say('sample.base')} ${tonnes(all.base)}`, kind: 'mark-base' }, { at: all.mean, half: all.mean_half_width_95, name: `${say('sample.mean')} ${tonnes(all.mean)}`, kind: 'mark-mean' },
            { at: all.cvar_95, half: all.cvar_half_width_95, name: `${say('sample.cvar')} ${tonnes(all.cvar_95)}`, kind: 'mark-cvar' }] });
    fill(place, h('p', {}, say('sample.told', { count: number(result.scenarios, 0), seed: result.seed }), result.stopped && h('b', {}, ` ${say('stress.stopped')}`)),
        all ? [h('div.tiles', {}, tile(say('sample.mean'), tonnes(all.mean), half(all.mean_half_width_95)), tile(say('sample.cvar'), tonnes(all.cvar_95), half(all.cvar_half_width_95)),
            tile(say('sample.worst'), tonnes(all.worst), ''), tile(say('sample.base'), tonnes(all.base), '')), chart, h('p.quiet', {}, say('sample.hint'))] : h('p.note', {}, say('nothing')),
        all && h('div.tables', {}, h('section', {}, h('h2', {}, say('sample.explains')), h('p.quiet', {}, say('sample.tail', { count: number(result.tail_scenarios, 0) })),
            h('table', {}, head([say('stress.contingency'), say('stress.chance'), say('sample.share'), say('sample.times')]), h('tbody', {}, result.contingencies.map((row) => h('tr', {},
                h('th', { scope: 'row' }, row.name), h('td', {}, row.chance === null ? '–' : share(row.chance)), h('td', {}, meter(row.share_of_tail), share(row.share_of_tail)), h('td', {}, row.times_as_often === null ? '–' : number(row.times_as_often))))))),
        h('section', {}, h('h2', {}, say('sample.spread')), h('table', {}, head([say('partner'), say('priority'), say('sample.base'), say('sample.mean'), '95%', say('sample.cvar')]), h('tbody', {}, spreads.map((row) => h('tr', {},
            h('th', { scope: 'row' }, row.partner === '*' ? say('partner.all') : row.partner ?? '–'), h('td', {}, row.priority ?? say('all')), h('td', {}, tonnes(row.base)), h('td', {}, tonnes(row.mean)), h('td', {}, tonnes(row.quantile_95)), h('td', {}, tonnes(row.cvar_95))))))),
        h('section', {}, h('h2', {}, say('sample.fails')), h('table', {}, head([say('demand'), say('partner'), say('priority'), say('sample.often'), say('sample.when')]), h('tbody', {}, result.demands.slice(0, 20).map((row) => h('tr', {},
            h('th', { scope: 'row' }, h('button.link', { onclick: () => change({ view: 'map', sel: `site:${row.site}` }) }, row.demand)), h('td', {}, row.partner), h('td', {}, row.priority),
            h('td', {}, meter(row.share_failing), `${share(row.share_failing)} (${share(row.share_failing_least_95)} – ${share(row.share_failing_most_95)})`), h('td', {}, tonnes(row.mean_short_when_failing_t)))))))));
}

// ---- the view ----

export function contingencies(body, desk) {
    const runs = h('ul.lines'), place = h('section.result'), problems = h('div', { role: 'alert' });
    let shown = 0, redraw = null;
    const doneRuns = () => desk.stress.filter((run) => run.state === 'done');
    const chosen = () => doneRuns().find((run) => String(run.stress) === state().run) || doneRuns().at(-1);

    function choose(run) {
        change({ run: String(run.stress), row: '', sort: '' });
    }
    async function draw() {
        const run = chosen();
        if (desk.stress.length) keep(runs, [...desk.stress].reverse(), (each) => `${each.stress} ${each.state}`, (each) => runLine(each, run?.stress, choose, isOld(desk, each)), (line, each) => updateLine(line, each, run?.stress));
        else fill(runs, h('li.note', {}, say('stress.none')));
        if (!run || run.stress === shown) return;
        shown = run.stress;
        const path = `/api/stress/${run.stress}/result`;
        const result = await get(path);
        if (shown !== run.stress) return;
        const content = h('div');
        fill(place, h('div.bar', {}, h('h2.grow-wide', {}, `${run.stress}. ${runTitle(run)}`), h('button', { onclick: () => download(`${path}?format=csv`, `stress-${run.stress}.csv`) }, 'CSV')),
            isOld(desk, run) && h('p.warn', { role: 'status' }, say('stress.old')), content);
        if (run.mode === 'sample') { redraw = null; sampleView(result, content); } else redraw = rankingView(desk, run, result, content);
    }
    async function order(body_) {
        fill(problems);
        try {
            const run = await post('/api/stress', body_);
            change({ run: String(run.stress), row: '', sort: '' });
            onStress();
        } catch (problem) {
            fill(problems, h('p.problem', {}, problem.message));
        }
    }
    const onStress = () => { if (chosen()?.stress !== shown) shown = 0; draw(); };
    const onPlans = (event) => { if (redraw && event.detail) redraw(); };
    fill(body, orderForm(desk, order), problems, h('details.runs', { open: true }, h('summary', {}, say('stress.runs')), runs), place);
    draw();
    const stop = watch((now, before) => {
        if (now.view !== 'contingencies') return;
        if (now.run !== before.run) draw();
        else if (now.row !== before.row && redraw) redraw();
    });
    document.addEventListener('stress', onStress);
    document.addEventListener('plans', onPlans);
    return () => {
        stop();
        document.removeEventListener('stress', onStress);
        document.removeEventListener('plans', onPlans);
    };
}
