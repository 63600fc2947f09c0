// dom.js: elements without HTML text: what comes from a case can never become markup.

/** h('button.primary', {onclick, title}, 'Run', child ...): an element. Children that are null or false are left out. */
export function h(what, attributes = {}, ...children) {
    const [tag, ...classes] = what.split('.');
    const element = document.createElement(tag || 'div');
    if (classes.length > 0) element.className = classes.join(' ');
    set(element, attributes);
    add(element, children);
    return element;
}

function set(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === null || value === false) continue;
        if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
        else if (name === 'style') for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
        else if (name === 'value') element.value = value;
        else element.setAttribute(name, value === true ? '' : value);
    }
}

function add(element, children) {
    for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false) element.append(child);
}

/** Puts children in place of all that is in element. */
export function fill(element, ...children) {
    element.replaceChildren();
    add(element, children);
    return element;
}

/** A colour of the theme, for canvases. */
export function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A canvas' context, its pixels those of the screen; coordinates stay those of the page. */
export function context(canvas, width, height) {
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        canvas.style.width = `${width}px`;
        canvas.style.height = `${height}px`;
    }
    const pen = canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    return pen;
}

/** Calls then once after calls have ceased for so many milliseconds. */
export function settle(then, milliseconds) {
    let timer;
    return (...args) => {
        clearTimeout(timer);
        timer = setTimeout(() => then(...args), milliseconds);
    };
}
