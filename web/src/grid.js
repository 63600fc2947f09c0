// grid.js: a table whose cells are edited in place, by keyboard as in a spreadsheet. Only the rows in sight exist.
//
// Arrows, Tab, Enter, Page and Home keys move; typing or F2 edits; Shift selects a block; copy and paste take blocks as
// spreadsheets have them. The grid changes nothing itself: `edit` gets what is to be put where.
import { fill, h, settle } from './dom.js';
import { blockText, parseText } from './sheet.js';
import { say } from './words.js';

const rowHeight = 28;

/** Wide enough for what such a column holds, and for its name. */
function widthOf(column) {
    const cells = column.type === 'text' || column.type === 'list' ? 14 : /number|day/.test(column.type) ? 6.5 : 10;
    return `${Math.max(cells, column.name.length * 0.62 + 2)}rem`;
}

/**
 * source: {columns: [{name, title, type, right}], rows(): [{cells}], mark(row, column) -> {kind, text} or null, choices(column) -> texts, editable};
 * edit([{row, column, text}]): row is a number, rows behind the last are new; moved(row, column) when another cell is reached.
 */
export function grid({ source, edit, moved, label }) {
    const columns = source.columns;
    const widths = ['3.5rem', ...columns.map(widthOf)].join(' ');
    const style = { 'grid-template-columns': widths };
    const choices = h('datalist', { id: 'choices' });
    const space = h('div.space', { role: 'rowgroup' });
    const head = h('div.row.head', { role: 'row', style }, h('span.right', { role: 'columnheader' }, '#'),
        columns.map((column) => h(`span${column.right ? '.right' : ''}`, { role: 'columnheader', title: column.title }, column.name + (column.required ? ' *' : ''))));
    const box = h('div.list-box.grid', {
        tabindex: 0, role: 'grid', 'aria-label': label, 'aria-readonly': String(!source.editable), onscroll: () => draw(),
        onkeydown: onKey, onpaste: onPaste, oncopy: onCopy, oncut: (event) => { onCopy(event); clear(); },
    }, head, space);
    const at = { row: 0, column: 0, fromRow: 0, fromColumn: 0 };
    let input = null;

    const count = () => source.rows().length + (source.editable ? 1 : 0);
    const block = () => ({
        top: Math.min(at.row, at.fromRow), bottom: Math.max(at.row, at.fromRow),
        left: Math.min(at.column, at.fromColumn), right: Math.max(at.column, at.fromColumn),
    });

    function cellElement(row, place, ix) {
        const { top, bottom, left, right } = block();
        const mark = row ? source.mark(row, ix) : null;
        const here = place === at.row && ix === at.column;
        const within = place >= top && place <= bottom && ix >= left && ix <= right;
        return h(`span${columns[ix].right ? '.right' : ''}`, {
            role: 'gridcell', id: here ? 'cell' : null, title: mark ? mark.text : null, 'aria-invalid': mark?.kind === 'error' ? 'true' : null,
            'aria-selected': within ? 'true' : null, class: ['', columns[ix].right && 'right', mark?.kind, here && 'here', within && 'within'].filter(Boolean).join(' ') || null,
            onmousedown: (event) => { if (!input || !input.contains(event.target)) { go(place, ix, event.shiftKey); event.preventDefault(); box.focus(); } },
            ondblclick: () => open(),
        }, here && input ? input : row ? row.cells[ix] : '');
    }

    function draw() {
        const typing = input && document.activeElement === input; // asked before it is moved, which takes the focus away
        const caret = typing ? [input.selectionStart, input.selectionEnd] : null;
        const rows = source.rows();
        const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - 5);
        const last = Math.min(count(), Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + 5);
        const shown = [];
        for (let place = first; place < last; place++) {
            const row = rows[place];
            const mark = row ? source.mark(row, -1) : null;
            shown.push(h('div.row', { role: 'row', 'aria-rowindex': place + 2, style: { ...style, top: `${place * rowHeight}px` } },
                h('span.right.quiet', { role: 'rowheader', class: mark ? `right quiet ${mark.kind}` : 'right quiet', title: mark?.text }, row ? String(place + 1) : '+'),
                columns.map((column, ix) => cellElement(row, place, ix))));
        }
        space.style.setProperty('height', `${count() * rowHeight}px`);
        box.setAttribute('aria-rowcount', count() + 1);
        fill(space, shown);
        if (typing) {
            input.focus(); // it has moved, and would forget where the next letter goes
            input.setSelectionRange(...caret);
        }
        if (space.querySelector('#cell')) box.setAttribute('aria-activedescendant', 'cell');
        else box.removeAttribute('aria-activedescendant');
    }

    function go(row, column, extend) {
        if (input) commit();
        at.row = Math.max(0, Math.min(count() - 1, row));
        at.column = Math.max(0, Math.min(columns.length - 1, column));
        if (!extend) { at.fromRow = at.row; at.fromColumn = at.column; }
        const top = at.row * rowHeight;
        if (top < box.scrollTop) box.scrollTop = top;
        else if (top + 3 * rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + 3 * rowHeight - box.clientHeight;
        draw();
        space.querySelector('#cell')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        moved(at.row, at.column);
    }

    // ---- editing ----

    function open(text) {
        if (!source.editable) return;
        const row = source.rows()[at.row];
        fill(choices, source.choices(at.column).map((value) => h('option', { value })));
        input = h('input.cell', {
            list: 'choices', 'aria-label': columns[at.column].name, value: text ?? (row ? row.cells[at.column] : ''),
            onkeydown: onInputKey, onblur: () => setTimeout(() => { if (input && document.activeElement !== input) { commit(); draw(); } }),
        });
        draw();
        input.focus();
        if (text === undefined) input.select();
    }

    function commit() {
        const text = input.value;
        input = null;
        const row = source.rows()[at.row];
        if (row ? row.cells[at.column] !== text : text !== '') edit([{ row: at.row, column: at.column, text }]);
    }

    function onInputKey(event) {
        const steps = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] };
        event.stopPropagation();
        if (event.key === 'Escape') { input = null; draw(); box.focus(); } else if (steps[event.key]) {
            event.preventDefault();
            const [down, right] = steps[event.key];
            go(at.row + down, at.column + right);
            box.focus();
        } else if ((event.ctrlKey || event.metaKey) && event.key === 's') { commit(); draw(); box.focus(); box.dispatchEvent(new KeyboardEvent('keydown', event)); }
    }

    function clear() {
        const { top, bottom, left, right } = block();
        const cells = [];
        for (let row = top; row <= Math.min(bottom, source.rows().length - 1); row++)
            for (let column = left; column <= right; column++) cells.push({ row, column, text: '' });
        edit(cells);
    }

    function onKey(event) {
        if (event.target !== box || event.ctrlKey || event.metaKey || event.altKey) return;
        const page = Math.max(1, Math.floor(box.clientHeight / rowHeight) - 2);
        const steps = {
            ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-page, 0], PageDown: [page, 0],
            Home: [0, -at.column], End: [0, columns.length], Enter: [event.shiftKey ? -1 : 1, 0],
        };
        if (steps[event.key]) go(at.row + steps[event.key][0], at.column + steps[event.key][1], event.shiftKey && event.key !== 'Enter');
        else if (event.key === 'F2') open();
        else if (source.editable && (event.key === 'Delete' || event.key === 'Backspace')) clear();
        else if (source.editable && event.key.length === 1) open(event.key);
        else return;
        event.preventDefault();
        event.stopPropagation();
    }

    function onCopy(event) {
        if (input) return;
        const { top, bottom, left, right } = block();
        const rows = source.rows().slice(top, bottom + 1).map((row) => row.cells.slice(left, right + 1));
        event.clipboardData.setData('text/plain', blockText(rows));
        event.preventDefault();
    }

    function onPaste(event) {
        if (input || !source.editable) return;
        event.preventDefault();
        const rows = parseText(event.clipboardData.getData('text/plain'), '\t');
        const { top, left } = block();
        edit(rows.flatMap((cells, down) => cells.slice(0, columns.length - left).map((text, right) =>
            ({ row: top + down, column: left + right, text: text.trim() }))));
        if (rows.length > 0) {
            at.row = at.fromRow = top;
            at.column = at.fromColumn = left;
            go(top + rows.length - 1, left + rows[0].length - 1, true);
        }
    }

    new ResizeObserver(settle(draw, 50)).observe(box);
    return {
        element: h('div.list', {}, box, choices, h('span.quiet', {}, source.editable ? say('edit.keys') : say('edit.viewer'))),
        draw, go, focus: () => box.focus(), selected: block, isTyping: () => Boolean(input),
    };
}
