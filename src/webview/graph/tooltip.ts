/** What is known of a frame, beside the pointer. */
import { LAYERS } from '../../protocol/layers';
import { element } from './dom';
import { duration, moment } from './model';
import type { Scene } from './rows';
import { contextWord, layerWord, statusWord, t } from './words';

const DELAY = 350;

/** One element for all frames; it shows after a moment's rest and never holds the pointer. */
export class Tooltip {
  readonly element = element('div', 'tooltip');
  private timer = 0;

  constructor() {
    this.element.setAttribute('role', 'tooltip');
    this.element.id = 'tooltip';
    this.hide();
  }

  hide(): void {
    window.clearTimeout(this.timer);
    this.element.classList.remove('on');
  }

  /** Shows a frame's facts under its row, after a moment. */
  show(scene: Scene, frame: number, row: HTMLElement): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.element.replaceChildren(...facts(scene, frame));
      this.element.classList.add('on');
      this.position(row.querySelector('.node')?.getBoundingClientRect() ?? row.getBoundingClientRect());
    }, DELAY);
  }

  private position(row: DOMRect): void {
    const { offsetWidth: w, offsetHeight: h, style } = this.element, below = row.bottom + 6;
    style.left = `${Math.max(4, Math.min(row.left + 12, window.innerWidth - w - 8))}px`;
    style.top = `${below + h < window.innerHeight ? below : Math.max(4, row.top - h - 6)}px`;
  }
}

function line(key: string, value: string): HTMLElement {
  const e = element('div', 'fact');
  e.append(element('span', 'key', key), element('span', 'value', value));
  return e;
}

function facts({ model, status }: Scene, f: number): HTMLElement[] {
  const { frames, functions, hosts, tasks } = model.trace, fn = functions[frames.fn[f]], task = frames.task[f] >= 0 ? tasks[frames.task[f]] : undefined, start = model.trace.stepTime[0] ?? 0;
  const title = element('div', `title layer-${LAYERS[fn.layer]}`);
  title.append(element('span', 'name', fn.name), element('span', 'layer-name', layerWord(fn.layer)));
  const out: HTMLElement[] = [title], sure = statusWord(status[frames.fn[f]]), took = model.duration(f);
  if (fn.path) out.push(element('div', 'path', fn.path));
  if (sure) out.push(element('div', 'warning', sure));
  out.push(line(contextWord(model.context[f]), [task ? `${task.comm} ${task.pid}` : '', t('host {0}', hosts[frames.host[f]].name), model.context[f] === 3 ? '' : t('CPU {0}', frames.cpu[f])].filter(Boolean).join(' · ')));
  out.push(line(t('Time'), `${moment(frames.enterTime[f] - start)}  ·  ${Number.isFinite(took) ? t('took {0}', duration(took)) : t('not finished')}`));
  out.push(line('', t('step {0} of {1}', frames.firstStep[f] + 1, model.trace.stepFrame.length)));
  if (frames.packet[f] > 0) out.push(line('', t('packet {0}', frames.packet[f])));
  const events = model.eventsOf.get(f) ?? [];
  if (events.length > 0) out.push(element('div', 'section', t('Events')));
  for (const e of events.slice(0, 8)) out.push(line(e.kind, [e.packet > 0 ? t('packet {0}', e.packet) : '', e.detail].filter(Boolean).join(' · ')));
  return out;
}
