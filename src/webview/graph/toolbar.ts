/** The bar above the graph: search, folding, zoom, the packet that is followed, the picture's kind. */
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import { attribute, element } from './dom';
import { t } from './words';

export type Action =
  | 'nextMatch' | 'previousMatch' | 'foldAll' | 'unfoldAll' | 'minor' | 'zoomIn' | 'zoomOut' | 'fit' | 'current' | 'follow' | 'nextEvent' | 'previousEvent' | 'lanes' | 'groups' | 'tree' | 'help';

export type LayoutKind = 'lanes' | 'groups' | 'tree';

/** What the buttons show. */
export interface ToolbarState { readonly showMinor: boolean; readonly packet: number; readonly canFollow: boolean; readonly layout: LayoutKind; readonly zoom: number; readonly help: boolean }

interface Button extends HTMLElement { icon: string; label: string }
interface Field extends HTMLElement { value: string; placeholder: string; label: string }

/** The bar as an element. `act` gets what a button asks for, `search` the text at each key, `leave` is called when Escape gives up the field. */
export class Toolbar {
  readonly element = element('div', 'toolbar');
  private readonly buttons = new Map<Action, Button>();
  private readonly field = document.createElement('vscode-textfield') as unknown as Field;
  private readonly count = element('span', 'count');
  private readonly zoom = element('span', 'zoom');
  private readonly chip = element('span', 'packet');

  constructor(private readonly act: (action: Action) => void, private readonly search: (text: string) => void, private readonly leave: () => void) {
    attribute(this.element, 'role', 'toolbar');
    this.build();
  }

  /** Makes everything anew: when the words have come. */
  build(): void {
    const { field } = this, value = field.value ?? '';
    this.buttons.clear();
    field.className = 'search';
    field.placeholder = t('Search functions');
    field.label = t('Search functions');
    field.value = value;
    if (!field.isConnected) this.listen();
    attribute(this.count, 'role', 'status');
    this.element.replaceChildren(
      this.group('find', field, this.count, this.button('previousMatch', 'arrow-up', t('Previous match')), this.button('nextMatch', 'arrow-down', t('Next match'))),
      this.group('', this.button('unfoldAll', 'expand-all', t('Unfold all')), this.button('foldAll', 'collapse-all', t('Fold all')), this.button('minor', 'eye-closed', t('Show accessors'))),
      this.group('', this.button('lanes', 'split-horizontal', t('Lanes')), this.button('groups', 'list-tree', t('One column')), this.button('tree', 'type-hierarchy', t('Tree'))),
      this.group('', this.button('zoomOut', 'zoom-out', t('Zoom out')), this.zoom, this.button('zoomIn', 'zoom-in', t('Zoom in')), this.button('fit', 'screen-full', t('Fit')), this.button('current', 'debug-stackframe', t('Go to current'))),
      this.group('', this.button('previousEvent', 'chevron-left', t('Previous event of this packet')), this.button('follow', 'package', t('Follow packet')), this.chip, this.button('nextEvent', 'chevron-right', t('Next event of this packet'))),
      this.group('end', this.button('help', 'question', t('Help'))),
    );
  }

  private listen(): void {
    this.field.addEventListener('input', () => this.search(this.field.value));
    this.field.addEventListener('keydown', (e) => {
      if (e.key === 'Enter') this.act(e.shiftKey ? 'previousMatch' : 'nextMatch');
      else if (e.key === 'Escape') { this.field.value = ''; this.search(''); this.leave(); }
      else if (e.key === 'ArrowDown') this.leave();
      else { e.stopPropagation(); return; }
      e.preventDefault();
      e.stopPropagation();
    });
  }

  private group(name: string, ...children: HTMLElement[]): HTMLElement {
    const g = element('div', `group ${name}`.trim());
    g.append(...children);
    return g;
  }

  private button(action: Action, icon: string, label: string): HTMLElement {
    const b = document.createElement('vscode-toolbar-button') as unknown as Button;
    b.icon = icon;
    b.label = label;
    b.title = label;
    b.dataset.action = action;
    b.addEventListener('click', () => this.act(action));
    this.buttons.set(action, b);
    return b;
  }

  focusSearch(): void {
    this.field.focus();
    this.field.shadowRoot?.querySelector('input')?.select();
  }

  get query(): string { return this.field.value ?? ''; }
  set query(text: string) { this.field.value = text; }

  showCount(text: string): void { this.count.textContent = text; }

  show(state: ToolbarState): void {
    const on = (action: Action, pressed: boolean): void => { const b = this.buttons.get(action); b?.classList.toggle('pressed', pressed); b?.setAttribute('aria-pressed', String(pressed)); };
    const minor = this.buttons.get('minor')!, follow = this.buttons.get('follow')!;
    minor.icon = state.showMinor ? 'eye' : 'eye-closed';
    minor.label = minor.title = state.showMinor ? t('Hide accessors') : t('Show accessors');
    on('minor', state.showMinor);
    follow.label = follow.title = state.packet > 0 ? t('All packets') : t('Follow packet');
    on('follow', state.packet > 0);
    const idle = state.packet === 0 && !state.canFollow;
    follow.classList.toggle('disabled', idle);
    attribute(follow, 'aria-disabled', idle ? 'true' : null);
    this.chip.textContent = state.packet > 0 ? t('packet {0}', state.packet) : '';
    for (const kind of ['lanes', 'groups', 'tree'] as const) on(kind, state.layout === kind);
    this.zoom.textContent = `${Math.round(state.zoom * 100)}%`;
    on('help', state.help);
  }
}
