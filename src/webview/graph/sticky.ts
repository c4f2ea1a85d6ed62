/** What stays in view while the picture scrolls: the layer of the topmost frame, and above it what that frame runs in and who called it. */
import { attribute, element, icon } from './dom';
import { firstBelow, type Item } from './layout';
import { contextParts, type Scene } from './rows';
import { layerWord } from './words';

/** Height in pixels of the line above, at any zoom. */
const HEIGHT = 24;
/** Callers named: the nearest ones. */
const NAMES = 6;

/** The lines above and beside the picture; `go` is called with the frame whose name was clicked. */
export class Sticky {
  readonly element = element('div', 'crumbs');
  private shown = '';
  /** The row whose gutter got its layer's name because it is the topmost, not because its layer begins there. */
  private labelled: HTMLElement | null = null;

  constructor(go: (frame: number) => void) {
    attribute(this.element, 'aria-hidden', 'true');
    this.element.hidden = true;
    this.element.addEventListener('click', (e) => {
      const frame = e.target instanceof HTMLElement ? e.target.dataset.frame : undefined;
      if (frame !== undefined) go(Number(frame));
    });
  }

  /** Nothing stays: another picture, or one where nothing need. */
  clear(): void {
    this.element.hidden = true;
    this.shown = '';
    this.unlabel();
  }

  /** `top`: y in the picture of what is topmost in view; `zoom`; `rowOf` gives the element of an item in view. */
  update(scene: Scene, top: number, zoom: number, rowOf: (item: number) => HTMLElement | undefined): void {
    const { items } = scene.layout, first = items[firstBelow(items, top)];
    this.showCallers(scene, first);
    let below = firstBelow(items, top);
    while (below < items.length && items[below].y < top + (this.element.hidden ? 0 : HEIGHT / zoom)) below++;
    const item = items[below], row = item?.kind === 'frame' && !item.mark ? rowOf(below) : undefined;
    if (row === this.labelled) return;
    this.unlabel();
    if (!row) return;
    const gutter = row.querySelector<HTMLElement>('.gutter')!;
    gutter.textContent = layerWord(scene.model.layer(item.ref));
    this.labelled = row;
  }

  private unlabel(): void {
    if (this.labelled) this.labelled.querySelector('.gutter')!.textContent = '';
    this.labelled = null;
  }

  private showCallers({ model, visible }: Scene, item: Item | undefined): void {
    const parent = item?.kind === 'frame' ? visible.parent[item.ref] : -1, context = item?.kind === 'frame' ? model.contextRoot[item.ref] : -1;
    this.element.hidden = parent < 0;
    const key = `${context} ${parent}`;
    if (parent < 0 || key === this.shown) return;
    this.shown = key;
    const names: HTMLElement[] = [];
    let f = parent;
    for (; f >= 0 && names.length < NAMES; f = visible.parent[f]) {
      const name = element('span', 'crumb', model.name(f));
      name.dataset.frame = String(f);
      names.unshift(name);
    }
    const trail = element('span', 'callers');
    names.forEach((name, i) => trail.append(...(i > 0 ? [icon('chevron-right', 'between')] : f >= 0 ? [element('span', 'more', '\u2026'), icon('chevron-right', 'between')] : []), name));
    this.element.className = `crumbs ${contextParts.className(model, context)}`;
    this.element.replaceChildren(...contextParts.elements(model, context), trail);
  }
}
