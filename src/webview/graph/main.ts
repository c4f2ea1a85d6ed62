/** The call graph's page: takes the extension's messages, holds what the user chose, and tells the parts. */
import { isToGraph, type FromGraph } from '../../protocol/graph';
import { GraphPanel } from './panel';

interface Host { postMessage(message: FromGraph): void; getState(): unknown; setState(state: unknown): void }
declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
const panel = new GraphPanel(document.getElementById('root')!, host);

window.addEventListener('error', (e) => host.postMessage({ type: 'problem', message: `${e.message} (${e.filename.split('/').pop()}:${e.lineno})` }));
window.addEventListener('unhandledrejection', (e) => host.postMessage({ type: 'problem', message: String(e.reason) }));
window.addEventListener('message', (e) => { if (isToGraph(e.data)) panel.take(e.data); });
host.postMessage({ type: 'ready' });
