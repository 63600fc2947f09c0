// ledger.js: cross-servicing: what waits for us, all orders, one order's story and the steps that may be taken now, who
// owes whom, statements, and what the plan that is shown would need.
import { address, download, fresh, post } from './api.js';
import { fill, h, refill, settle } from './dom.js';
import { longList } from './list.js';
import { orderStory } from './order.js';
import { amount, day, decimal, field, form, may, noBook, smallTable } from './partners.js';
import { change, state, watch } from './state.js';
import { number, say } from './words.js';

const shows = ['open', 'ours', 'overdue', 'all'];
const chosen = () => (state().sel.startsWith('order:') ? state().sel.slice(6) : '');
const open = (order) => change({ sel: `order:${order}` });

// ---- what waits for us ----

function waiting(orders) {
    return [h('h2', {}, say('ledger.ours', { count: number(orders.total, 0) })),
        orders.total === 0 ? h('p.note.slim', {}, say('ledger.ours.none')) : h('ul.cards', {}, orders.orders.slice(0, 6).map((order) =>
            h('li.card', {}, h('button.link', { onclick: () => open(order.order) }, order.order),
                h('span.tag', {}, say(`state.${order.state}`)), order.overdue && h('span.tag.warn', {}, say('ledger.overdue')),
                h('p', {}, `${amount(order.quantity, order.unit)} ${order.item} · ${order.provider} → ${order.receiver}`),
                h('p.quiet', {}, say('ledger.do', { what: say(`wait.${order.wait}`) }), order.days > 0 ? ` · ${say('ledger.since', { days: number(order.days, 0) })}` : ''))))];
}

// ---- all orders ----

function orderList() {
    return longList({
        label: say('view.ledger'),
        columns: [
            { title: say('order'), width: 'minmax(9rem,1fr)', cell: (row) => row.order },
            { title: say('state'), width: '7rem', cell: (row) => say(`state.${row.state}`) },
            { title: say('item'), width: 'minmax(5rem,1fr)', cell: (row) => row.item || '' },
            { title: say('quantity'), width: '8rem', right: true, cell: (row) => amount(row.quantity, row.unit) },
            { title: say('provider'), width: '6rem', cell: (row) => row.provider || '' },
            { title: say('receiver'), width: '6rem', cell: (row) => row.receiver || '' },
            { title: say('need.by'), width: '8.5rem', cell: (row) => (row.need_by ? day(row.need_by) : '') },
            { title: say('waits'), width: 'minmax(7rem,1fr)', cell: (row) => (row.wait ? say(`wait.${row.wait}`) : '') },
            { title: say('outstanding'), width: '9rem', right: true, cell: (row) => (Number(row.outstanding) ? amount(row.outstanding, row.owed_in, row.owed_in !== row.unit) : '') },
            { title: say('ledger.overdue'), width: '6rem', cell: (row) => (row.overdue ? h('span.warn', {}, say('ledger.overdue')) : '') },
        ],
        fetchPage: async (offset, limit) => {
            const answer = await fresh(address('/api/ledger/orders', { show: state().show, partner: state().partner, search: state().search, offset, limit }));
            return { total: answer.total, rows: answer.orders };
        },
        onrow: (row) => open(row.order),
    });
}

/** The address bar has what they say; whoever changes it changes the list. */
function filters(partners) {
    const show = h('select', { 'aria-label': say('ledger.show'), onchange: () => change({ show: show.value }) },
        shows.map((name) => h('option', { value: name, selected: (state().show || 'open') === name }, say(`ledger.show.${name}`))));
    const partner = h('select', { 'aria-label': say('partner'), onchange: () => change({ partner: partner.value }) },
        h('option', { value: '' }, say('partner.all')), partners.map((name) => h('option', { value: name, selected: state().partner === name }, name)));
    const search = h('input', { type: 'search', placeholder: say('search'), 'aria-label': say('search'), value: state().search,
        oninput: settle(() => change({ search: search.value }), 200) });
    return { elements: [show, partner, search], follow: (now) => { show.value = now.show || 'open'; partner.value = now.partner; if (search !== document.activeElement) search.value = now.search; } };
}

// ---- asking for something ----

function requestForm(terms, done, cancel) {
    const ours = terms.agreements.filter((each) => each.receiver === terms.partner);
    if (ours.length === 0) return h('p.note', {}, say('ledger.no.agreement', { partner: terms.partner }));
    const agreement = h('select', { required: true, onchange: follow }, ours.map((each) => h('option', { value: each.agreement }, `${each.agreement} (${each.provider})`)));
    const item = h('select', { required: true, onchange: followUnit });
    const site = h('select', {});
    const unit = h('span.unit');
    const left = h('p.quiet');
    const quantity = decimal('', { required: true });
    const needBy = h('input', { type: 'date' });
    const note = h('input', { maxlength: 200, size: 30 });
    const picked = () => ours.find((each) => each.agreement === agreement.value);
    function follow() {
        const terms_ = picked();
        fill(item, terms_.items.map((each) => h('option', { value: each.item }, each.name && each.name !== each.item ? `${each.name} (${each.item})` : each.item)));
        fill(site, h('option', { value: '' }, '–'), terms_.sites.map((name) => h('option', { value: name }, name)));
        fill(left, terms_.left_t === null ? say('ledger.unlimited') : say('ledger.left', { left: number(terms_.left_t), ordered: number(terms_.on_order_t) }));
        followUnit();
    }
    function followUnit() { fill(unit, picked().items.find((each) => each.item === item.value)?.unit || ''); }
    follow();
    return h('section', {}, h('h2', {}, say('ledger.request')), left, form(say('step.request'),
        [field(say('agreement'), agreement), field(say('item'), item), field(say('quantity'), h('span.with-unit', {}, quantity, unit)),
            field(say('site'), site), field(say('need.by'), needBy), field(say('note'), note)],
        async () => done(await post('/api/ledger/orders', { agreement: agreement.value, item: item.value, quantity: quantity.value, site: site.value, need_by: needBy.value, note: note.value })),
        { cancel }));
}

async function proposals(place, plan, done, cancel) {
    const answer = await fresh(address('/api/ledger/proposals', { plan }));
    const boxes = answer.requests.map((row) => h('input', { type: 'checkbox', 'aria-label': `${row.agreement} ${row.item}`, checked: !row.refusal && Number(row.wanted) > 0, disabled: Boolean(row.refusal) || Number(row.wanted) === 0 }));
    const head = ['', say('agreement'), say('provider'), say('item'), say('site'), say('need.by'), [say('ledger.planned'), 'right'], [say('ledger.on.order'), 'right'], [say('ledger.to.request'), 'right'], ''];
    const rows = answer.requests.map((row, ix) => [boxes[ix], row.agreement, row.provider, row.item, row.site || '', day(row.need_by), amount(row.planned, row.unit), amount(row.on_order, row.unit), amount(row.wanted, row.unit), row.refusal ? h('span.warn', {}, row.refusal) : '']);
    fill(place, h('section', {}, h('h2', {}, say('ledger.from.plan')),
        answer.requests.length === 0 ? h('p.note', {}, say('ledger.draws.nothing')) : h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': say('ledger.from.plan') }, smallTable(say('ledger.from.plan'), head, rows)),
        form(say('ledger.request.chosen'), [], async () => {
            const picked = answer.requests.map((row, ix) => ({ row: ix, wanted: row.wanted })).filter(({ row }) => boxes[row].checked);
            if (picked.length) await post('/api/ledger/proposals', { plan: Number(plan), rows: picked });
            done();
        }, { cancel })));
}

// ---- who owes whom ----

function balances(answer) {
    const head = [say('ledger.debtor'), say('ledger.creditor'), say('ledger.of'), [say('outstanding'), 'right'], [say('ledger.overdue'), 'right'], say('due')];
    const rows = answer.balances.map((row) => [row.debtor, row.creditor, row.of, amount(row.outstanding, row.unit || row.of, !row.unit),
        Number(row.overdue) ? h('span.warn', {}, amount(row.overdue, row.unit || row.of, !row.unit)) : '–', row.due ? day(row.due) : '–']);
    return [h('h2', {}, say('ledger.balance')), rows.length ? smallTable(say('ledger.balance'), head, rows) : h('p.note.slim', {}, say('ledger.even'))];
}

function statements(partners, us) {
    if (partners.length === 0) return null;
    const partner = h('select', { 'aria-label': say('partner') }, partners.map((name) => h('option', { value: name }, name)));
    const get = (format) => download(address(`/api/ledger/statements/${encodeURIComponent(partner.value)}`, { format }), `statement-${us}-${partner.value}.${format}`);
    return h('div.bar', {}, h('span.quiet', {}, say('ledger.statement')), partner, ['html', 'xlsx', 'csv'].map((format) => h('button', { onclick: () => get(format) }, format.toUpperCase())));
}

// ---- the page ----

export function ledger(body, desk, facts) {
    if (noBook(body, desk)) return null;
    const ours = h('section'), sheet = h('div.sheet-place'), owed = h('section'), tools = h('div.bar'), extra = h('div');
    const story = h('aside.details.wide', { 'aria-live': 'polite', hidden: true, tabindex: -1 });
    const list = orderList();
    let terms = null, chooser = null;
    const close = () => fill(sheet);
    const took = (order) => { close(); refresh(); if (order) open(order.order); };
    const later = (promise) => promise.catch((problem) => fill(sheet, h('p.problem', { role: 'alert' }, problem.message)));

    async function refresh() {
        const [mine, balance] = await Promise.all([fresh('/api/ledger/orders?show=ours&limit=6'), fresh('/api/ledger/balance')]);
        refill(ours, JSON.stringify(mine), () => waiting(mine));
        refill(owed, JSON.stringify(balance), () => balances(balance));
        list.reload();
    }
    async function drawTools() {
        terms = await fresh('/api/ledger/agreements');
        const partners = [...new Set(terms.agreements.flatMap((each) => [each.provider, each.receiver]))].filter((name) => name !== terms.partner).sort();
        chooser = filters(partners);
        fill(tools, chooser.elements,
            may(desk, 'planner') && h('button.primary', { onclick: () => fill(sheet, requestForm(terms, took, close)) }, say('ledger.request')),
            may(desk, 'planner') && facts && h('button', { onclick: () => later(proposals(sheet, String(facts.plan), took, close)) }, say('ledger.from.plan')));
        fill(extra, statements(partners, terms.partner));
    }
    async function drawStory(told = '') {
        story.hidden = !chosen();
        if (!chosen()) return;
        const shown = chosen();
        const handlers = { took: (order) => { draw(order); refresh(); }, again: drawStory, close: () => change({ sel: '' }) };
        const draw = (order, why) => { if (shown === chosen()) orderStory(story, order, desk, handlers, why); };
        try {
            draw(await fresh(`/api/ledger/orders/${encodeURIComponent(shown)}`), told);
        } catch (problem) {
            fill(story, h('p.problem', { role: 'alert' }, problem.message), h('button', { onclick: () => change({ sel: '' }) }, say('close')));
        }
    }
    const all = [ours, tools, sheet, h('div.stage.story', {}, list.element, story), h('div.columns', {}, owed, extra)];
    fill(body, h('p.note', {}, say('loading')));
    Promise.all([later(drawTools()), later(refresh()), drawStory()]).then(() => fill(body, all)); // at once: nothing moves under the pointer
    const grown = () => { refresh(); if (!story.querySelector('form')) drawStory(); };
    document.addEventListener('book', grown);
    const end = watch((now, before) => {
        if (now.sel !== before.sel) drawStory();
        if (now.view !== 'ledger' || (now.show === before.show && now.partner === before.partner && now.search === before.search)) return;
        chooser?.follow(now);
        list.reload();
    });
    return () => { end(); document.removeEventListener('book', grown); };
}
