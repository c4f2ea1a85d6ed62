/** What colours and signs mean, and which keys there are. */
import { LAYERS } from '../../protocol/layers';
import { element, icon } from './dom';
import { contextWord, layerWord, t } from './words';

const KEYS: readonly (readonly [string, string])[] = [
  ['↑ ↓ ← →', 'Walk along the tree'], ['Enter', 'Go there in time and source'], ['Space', 'Fold or unfold'], ['*', 'Unfold everything below'], ['o', 'Open source'], ['c', 'Open call site'], ['.', 'Go to current'],
  ['n  p', 'Next or previous event of this packet'], ['f', 'Follow packet'], ['a', 'Show accessors'], ['/', 'Search functions'], ['+  -  0', 'Zoom in, out, fit'], ['s  S', 'Step into, step back'], ['v  u', 'Step over, step out'], ['?', 'Help'],
];

/** Fills the panel with the words of the moment; `present` says which layers the trace has. */
export function fillLegend(panel: HTMLElement, present: ReadonlySet<number>): void {
  const layers = element('div', 'layers'), states = element('div', 'states'), keys = element('dl', 'keys');
  LAYERS.forEach((name, i) => {
    if (!present.has(i)) return;
    const e = element('span', `swatch layer-${name}`);
    e.append(element('span', 'colour'), element('span', '', layerWord(i)));
    layers.append(e);
  });
  for (const [name, word] of [['current', 'current'], ['reached', 'visited'], ['ahead', 'past'], ['unseen', 'not yet reached']] as const) {
    const e = element('span', `state ${name}`);
    e.append(element('span', 'sample'), element('span', '', name === 'ahead' ? t('visited, ahead of now') : t(word)));
    states.append(e);
  }
  [0, 1, 2, 3].forEach((context) => {
    const e = element('span', `state context-${['process', 'softirq', 'hardirq', 'nic'][context]}`);
    e.append(icon(['terminal', 'layers', 'zap', 'circuit-board'][context]), element('span', '', contextWord(context)));
    states.append(e);
  });
  for (const [key, what] of KEYS) keys.append(element('dt', '', key), element('dd', '', t(what)));
  panel.replaceChildren(element('h2', '', t('Layers')), layers, element('h2', '', t('Legend')), states, element('h2', '', t('Keys')), keys);
}
