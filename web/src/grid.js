// grid.js: a table whose cells are edited in place, by keyboard as in a spreadsheet. Only the rows in sight exist; they stay the elements
// that they are and only what has changed in them is changed, which makes a step cost the same in a table of any length.
//
// Arrows, Tab, Enter, Page and Home keys move; typing or F2 edits; Shift selects a block; copy and paste take blocks as
// spreadsheets have them. The grid changes nothing itself: `edit` gets what is to be put where. Below the rows that can be edited may lie
// others that can only be read.
import { fill, h, settle } from './dom.js';
import { blockText, parseText } from './sheet.js';
import { say } from './words.js';

const rowHeight = 28;

/** Wide enough for what such a column holds, and for its name. */
function widthOf(column) {
    const cells = column.type === 'text' || column.type === 'list' ? 14 : /number|day/.test(column.type) ? 6.5 : 10;
    return `${Math.max(cells, column.name.length * 0.62 + 2)}rem`;
}

/** Sets of element only what is otherwise than it should be; null takes an attribute away. */
function assign(element, name, value) {
    if (value === null) { if (element.hasAttribute(name)) element.removeAttribute(name); } else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * source: {columns: [{name, title, type, right}], rows(): [{cells}], given(): [{cells, partner}] (to read only), mark(row, column) -> {kind, text}
 * or null, choices(column) -> texts, editable, busy() -> whether for a moment nothing can be}; edit([{row, column, text}]): row is a number, rows behind the last are new; typing(on) when
 * a cell is opened; refuse(error) when what is pasted is too much.
 */
export function grid({ source, edit, typing, refuse, label }) {
    const columns = source.columns;
    const widths = ['3.5rem', ...columns.map(widthOf)].join(' ');
    const style = { 'grid-template-columns': widths };
    const choices = h('datalist', { id: 'choices' });
    const space = h('div.space', { role: 'rowgroup' });
    const head = h('div.row.head', { role: 'row', style }, h('span.right', { role: 'columnheader' }, '#'),
        columns.map((column) => h(`span${column.right ? '.right' : ''}`, { role: 'columnheader', title: column.title }, column.name + (column.required ? ' *' : ''))));
    const box = h('div.list-box.grid', {
        tabindex: 0, role: 'grid', 'aria-label': label, 'aria-readonly': String(!source.editable), onscroll: () => draw(),
        onkeydown: onKey, onpaste: onPaste, oncopy: onCopy, oncut: (event) => { onCopy(event); if (source.editable) clear(); },
        onmousedown: onPress, ondblclick: (event) => { if (cellAt(event)) open(); },
    }, head, space);
    const at = { row: 0, column: 0, fromRow: 0, fromColumn: 0 };
    const lines = new Map(); // by place: {element, cells}
    let input = null;

    /** Where the rows to be read only begin: behind the last own one, and the one that is still to be written. */
    const own = () => source.rows().length + (source.editable ? 1 : 0);
    const count = () => own() + source.given().length;
    const rowAt = (place) => source.rows()[place] ?? source.given()[place - own()];
    const block = () => ({
        top: Math.min(at.row, at.fromRow), bottom: Math.max(at.row, at.fromRow),
        left: Math.min(at.column, at.fromColumn), right: Math.max(at.column, at.fromColumn),
    });

    // ---- drawing ----

    function makeLine(place) {
        const head = h('span.right.quiet', { role: 'rowheader' });
        const cells = columns.map(() => h('span', { role: 'gridcell' }));
        const element = h('div.row', { role: 'row', 'aria-rowindex': place + 2, style: { ...style, top: `${place * rowHeight}px` } }, head, cells);
        return { element, head, cells };
    }

    function drawCell(cell, row, place, ix, given) {
        const { top, bottom, left, right } = block();
        const mark = row && !given ? source.mark(row, ix) : null;
        const here = place === at.row && ix === at.column;
        const within = place >= top && place <= bottom && ix >= left && ix <= right;
        assign(cell, 'id', here ? 'cell' : null);
        assign(cell, 'title', mark ? mark.text : null);
        assign(cell, 'aria-invalid', mark?.kind === 'error' ? 'true' : null);
        assign(cell, 'aria-readonly', given ? 'true' : null);
        assign(cell, 'aria-selected', within ? 'true' : null);
        assign(cell, 'class', [columns[ix].right && 'right', mark?.kind, here && 'here', within && 'within'].filter(Boolean).join(' '));
        if (here && input) { if (cell.firstChild !== input) cell.replaceChildren(input); } else {
            const text = row ? row.cells[ix] ?? '' : '';
            if (cell.firstElementChild || cell.textContent !== text) cell.textContent = text;
        }
    }

    function drawLine(line, place) {
        const row = rowAt(place), given = place >= own();
        const mark = row && !given ? source.mark(row, -1) : null;
        const title = given ? (row.replaces ? say('edit.given.replaces', row) : say('edit.given', row)) : mark ? mark.text : null;
        const name = given ? row.partner : row ? String(place + 1) : '+';
        assign(line.element, 'class', given ? 'row given' : 'row');
        assign(line.head, 'title', title);
        assign(line.head, 'class', ['right', 'quiet', mark?.kind].filter(Boolean).join(' '));
        if (line.head.textContent !== name) line.head.textContent = name;
        line.cells.forEach((cell, ix) => drawCell(cell, row, place, ix, given));
    }

    function draw() {
        const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - 5);
        const last = Math.min(count(), Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + 5);
        const high = `${count() * rowHeight}px`;
        if (space.style.height !== high) space.style.setProperty('height', high);
        assign(box, 'aria-rowcount', String(count() + 1));
        for (const [place, line] of lines) if (place < first || place >= last) { lines.delete(place); line.element.remove(); }
        for (let place = first; place < last; place++) {
            const line = lines.get(place) || makeLine(place);
            drawLine(line, place);
            if (!lines.has(place)) { lines.set(place, line); space.append(line.element); }
        }
        assign(box, 'aria-activedescendant', lines.has(at.row) ? 'cell' : null);
    }

    /** Scrolls sideways as far as the cell is out of sight. */
    function reveal() {
        const cell = lines.get(at.row)?.cells[at.column];
        if (!cell) return;
        const { offsetLeft: from, offsetWidth: wide } = cell;
        if (from < box.scrollLeft) box.scrollLeft = from;
        else if (from + wide > box.scrollLeft + box.clientWidth) box.scrollLeft = from + wide - box.clientWidth;
    }

    function go(row, column, extend) {
        const sideways = column !== at.column;
        if (input) commit();
        at.row = Math.max(0, Math.min(count() - 1, row));
        at.column = Math.max(0, Math.min(columns.length - 1, column));
        if (!extend) { at.fromRow = at.row; at.fromColumn = at.column; }
        const top = at.row * rowHeight;
        if (top < box.scrollTop) box.scrollTop = top;
        else if (top + 3 * rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + 3 * rowHeight - box.clientHeight;
        draw();
        if (sideways) reveal();
    }

    /** The cell that an event is about, as {row, column}. */
    function cellAt(event) {
        const cell = event.target.closest('[role=gridcell]'), line = cell?.parentElement;
        return cell && { row: Number(line.getAttribute('aria-rowindex')) - 2, column: [...line.children].indexOf(cell) - 1 };
    }

    function onPress(event) {
        const cell = cellAt(event);
        if (!cell || (input && input.contains(event.target))) return;
        go(cell.row, cell.column, event.shiftKey);
        event.preventDefault();
        box.focus();
    }

    // ---- editing ----

    function open(text) {
        if (!source.editable || source.busy() || at.row >= own()) return;
        const row = source.rows()[at.row];
        fill(choices, source.choices(at.column).map((value) => h('option', { value })));
        input = h('input.cell', {
            list: 'choices', 'aria-label': columns[at.column].name, value: text ?? (row ? row.cells[at.column] : ''),
            onkeydown: onInputKey, onblur: () => setTimeout(() => { if (input && document.activeElement !== input) { commit(); draw(); } }),
        });
        draw();
        input.focus();
        if (text === undefined) input.select();
        typing(true);
    }

    function commit() {
        const text = input.value;
        input = null;
        typing(false);
        const row = source.rows()[at.row];
        if (row ? row.cells[at.column] !== text : text !== '') edit([{ row: at.row, column: at.column, text }]);
    }

    function onInputKey(event) {
        const steps = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] };
        event.stopPropagation();
        if (event.key === 'Escape') { input = null; typing(false); draw(); box.focus(); } else if (steps[event.key]) {
            event.preventDefault();
            const [down, right] = steps[event.key];
            go(at.row + down, at.column + right);
            box.focus();
        } else if ((event.ctrlKey || event.metaKey) && event.key === 's') { commit(); draw(); box.focus(); box.dispatchEvent(new KeyboardEvent('keydown', event)); }
    }

    /** Puts one text into all cells that are selected. */
    function fillBlock(text) {
        const { top, bottom, left, right } = block();
        const cells = [], last = text === '' ? source.rows().length - 1 : own() - 1;
        for (let row = top; row <= Math.min(bottom, last); row++)
            for (let column = left; column <= right; column++) cells.push({ row, column, text });
        edit(cells);
    }
    const clear = () => fillBlock('');

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
        const rows = [];
        for (let place = top; place <= bottom; place++) if (rowAt(place)) rows.push(rowAt(place).cells.slice(left, right + 1));
        event.clipboardData.setData('text/plain', blockText(rows));
        event.preventDefault();
    }

    function onPaste(event) {
        if (input || !source.editable) return;
        event.preventDefault();
        const { top, left } = block();
        if (top >= own()) return;
        let rows;
        try { rows = parseText(event.clipboardData.getData('text/plain'), '\t'); } catch (error) { refuse(error); return; }
        if (rows.length === 1 && rows[0].length === 1) { // one text fills the block that is selected
            fillBlock(rows[0][0].trim());
            return;
        }
        edit(rows.flatMap((cells, down) => cells.slice(0, columns.length - left).map((text, ix) => ({ row: top + down, column: left + ix, text: text.trim() }))));
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
        finish: () => { if (input) { commit(); draw(); } },
    };
}
