/** How well texts stand out of what is behind them: the contrast ratio of WCAG 2.1, by kind of text. */

type Rgb = readonly [number, number, number];

const SAID = '.gutter, .name, .took, .kind, .where, .trail, .comm, .summary, .size, .hosts, .detail, .title, .when, .steps, .time, .label, .zoom, .badge, .inner, .crumb';

/** Paints a CSS colour over another with an opacity, as the browser would. */
function over(canvas: CanvasRenderingContext2D, below: Rgb, colour: string, alpha: number): Rgb {
  canvas.globalAlpha = 1;
  canvas.fillStyle = `rgb(${below.join(',')})`;
  canvas.fillRect(0, 0, 1, 1);
  canvas.globalAlpha = alpha;
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((x) => (x / 255 <= 0.03928 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratioOf(canvas: CanvasRenderingContext2D, e: Element): number {
  const around: Element[] = [];
  for (let x: Element | null = e; x; x = x.parentElement) around.unshift(x);
  let alpha = 1, ground = over(canvas, [255, 255, 255], getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background'), 1);
  for (const x of around) { const style = getComputedStyle(x); alpha *= Number(style.opacity); ground = over(canvas, ground, style.backgroundColor, alpha); }
  const [light, dark] = [luminance(over(canvas, ground, getComputedStyle(e).color, alpha)), luminance(ground)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** The worst ratio of each kind of text in the page. What lies behind without being around (a card's tint) is left out. */
export function textContrasts(): { what: string; ratio: number }[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!, worst = new Map<string, number>();
  canvas.canvas.width = canvas.canvas.height = 1;
  for (const e of Array.from(document.querySelectorAll(SAID))) {
    if (e.getClientRects().length === 0 || !Array.from(e.childNodes).some((n) => n.nodeType === Node.TEXT_NODE && n.textContent!.trim() !== '')) continue;
    const row = e.closest('.row, .head, .wire, .loose'), marks = row ? Array.from(row.classList).filter((name) => /^(layer|context)-|reached|ahead|stack/.test(name)) : [];
    const what = [e.className.split(' ')[0], ...marks].join(' '), ratio = ratioOf(canvas, e);
    if (ratio < (worst.get(what) ?? Infinity)) worst.set(what, ratio);
  }
  return [...worst].map(([what, ratio]) => ({ what, ratio: Math.round(ratio * 100) / 100 }));
}
