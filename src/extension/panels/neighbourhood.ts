/** The neighbourhood's panel: the calls around a function, or all chains from one to another, as a picture that grows on demand. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { NAVIGATOR, type NavigatorNode, type NeighbourhoodReply, type NeighbourhoodRequest, type PathReply } from '../../protocol/navigator';
import { readFromNeighbourhood, type FromNeighbourhood, type ToNeighbourhood } from '../../protocol/neighbourhood';
import type { LanguageServer } from '../client';
import { revealPlace } from '../commands';
import { background, log } from '../log';
import { page } from './html';
import { neighbourhoodStrings } from './strings';

export const NEIGHBOURHOOD_VIEW = 'skbwalk.neighbourhood';
const FIRST_DEPTH = 1;
const MOST = 300;
const MOST_FIRST = 80;

/** The chains as one graph; the centres are both ends. */
export function chainsAsGraph({ from, chains }: PathReply): { graph: NeighbourhoodReply; centers: number[] } {
  const nodes: NavigatorNode[] = [], edges: NeighbourhoodReply['edges'][number][] = [], index = new Map<string, number>();
  const node = ({ name, kind, path: file, line, column }: NavigatorNode): number => {
    const key = `${file}:${line}:${name}`, known = index.get(key);
    if (known !== undefined) return known;
    index.set(key, nodes.length);
    return nodes.push({ name, kind, path: file, line, column }) - 1;
  };
  const first = from ? node(from) : -1;
  const seen = new Set<string>();
  for (const chain of chains) {
    let at = first;
    for (const hop of chain) {
      const to = node(hop);
      if (at >= 0 && !seen.has(`${at}>${to}`)) { seen.add(`${at}>${to}`); edges.push({ from: at, to, site: hop.site, via: hop.via }); }
      at = to;
    }
  }
  return { graph: { nodes, edges, cut: false }, centers: first < 0 ? [] : [first] };
}

/** One panel; a new question takes the place of the old picture. */
export class NeighbourhoodPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | null = null;
  private ready = false;
  private waiting: ToNeighbourhood | null = null;

  constructor(private readonly extension: vscode.Uri, private readonly server: () => Promise<LanguageServer>) {}

  /** The calls around a function. */
  async around(center: string): Promise<void> {
    const server = await this.server();
    const graph = await server.request<NeighbourhoodReply>(NAVIGATOR.neighbourhood, { center, depth: FIRST_DEPTH, limit: MOST_FIRST } satisfies NeighbourhoodRequest);
    if (!graph || graph.nodes.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t('The index knows no function {0}.', center));
    this.show({ type: 'graph', title: vscode.l10n.t('Calls around {0}', center), graph, centers: [0] });
  }

  /** Chains of calls. */
  chains(title: string, reply: PathReply): void {
    this.show({ type: 'graph', title, ...chainsAsGraph(reply) });
  }

  private show(message: ToNeighbourhood): void {
    this.waiting = message;
    if (this.panel === null) this.open();
    else this.panel.reveal(undefined, true);
    this.send();
  }

  private send(): void {
    if (!this.ready || this.waiting === null || this.panel === null) return;
    void this.panel.webview.postMessage(this.waiting);
    this.waiting = null;
  }

  private root(...parts: string[]): vscode.Uri { return vscode.Uri.joinPath(this.extension, 'dist', 'webview', ...parts); }

  private open(): void {
    const panel = vscode.window.createWebviewPanel(NEIGHBOURHOOD_VIEW, vscode.l10n.t('Calls'), { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, { enableScripts: true, localResourceRoots: [this.root()], retainContextWhenHidden: true });
    this.panel = panel;
    this.ready = false;
    const { webview } = panel;
    panel.onDidDispose(() => { if (this.panel === panel) { this.panel = null; this.ready = false; } });
    webview.onDidReceiveMessage((raw: unknown) => {
      const message = readFromNeighbourhood(raw);
      if (message) this.take(message);
      else log().warn('neighbourhood: a message that is none');
    });
    const uri = (name: string): string => webview.asWebviewUri(this.root(name)).toString();
    webview.html = page({ csp: webview.cspSource, nonce: randomBytes(16).toString('hex'), script: uri('neighbourhood.js'), styles: [uri('neighbourhood.css')], title: vscode.l10n.t('Calls'), language: vscode.env.language });
  }

  private take(message: FromNeighbourhood): void {
    switch (message.type) {
      case 'ready': {
        this.ready = true;
        void this.panel?.webview.postMessage({ type: 'init', strings: neighbourhoodStrings((text) => vscode.l10n.t(text)) } satisfies ToNeighbourhood);
        return this.send();
      }
      case 'problem': return log().error(`neighbourhood: ${message.message}`);
      case 'open': return background('source', () => this.reveal(message.path, message.line));
      case 'expand': return background('neighbourhood', () => this.expand(message));
      case 'save': return background('save', () => save(message));
    }
  }

  private async reveal(file: string, line: number): Promise<void> {
    const { root } = await this.server();
    if (root !== '') await revealPlace(path.join(root, file), line);
  }

  private async expand({ node, direction }: Extract<FromNeighbourhood, { type: 'expand' }>): Promise<void> {
    const ask: NeighbourhoodRequest = { center: node.name, at: { path: node.path, line: node.line }, depth: 1, callers: direction === 'callers', callees: direction === 'callees', limit: MOST };
    const graph = await (await this.server()).request<NeighbourhoodReply>(NAVIGATOR.neighbourhood, ask);
    if (graph) void this.panel?.webview.postMessage({ type: 'more', node, direction, graph } satisfies ToNeighbourhood);
  }

  dispose(): void { this.panel?.dispose(); }
}

/** Asks where, and writes. */
async function save({ format, text }: Extract<FromNeighbourhood, { type: 'save' }>): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({ defaultUri: folder && vscode.Uri.joinPath(folder, `calls.${format}`), filters: { [format.toUpperCase()]: [format] } });
  if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(text, 'utf8'));
}
