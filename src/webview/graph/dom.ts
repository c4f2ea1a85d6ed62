/** Small helpers to make elements. Text is always text: nothing here parses HTML. */

const SVG = 'http://www.w3.org/2000/svg';

/** An element with a class and, if given, a text. */
export function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, text?: string): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag);
  if (className) e.className = className;
  if (text !== undefined) e.textContent = text;
  return e;
}

/** A codicon. Screen readers skip it. */
export function icon(name: string, className = ''): HTMLSpanElement {
  const e = element('span', `codicon codicon-${name} ${className}`.trim());
  e.setAttribute('aria-hidden', 'true');
  return e;
}

/** An SVG element with a class. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, className: string): SVGElementTagNameMap[K] {
  const e = document.createElementNS(SVG, tag) as SVGElementTagNameMap[K];
  e.setAttribute('class', className);
  return e;
}

/** Sets an attribute only when it changes: attributes cost a style recalculation. */
export function attribute(e: Element, name: string, value: string | null): void {
  if (value === null) { if (e.hasAttribute(name)) e.removeAttribute(name); }
  else if (e.getAttribute(name) !== value) e.setAttribute(name, value);
}
