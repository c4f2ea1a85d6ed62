/** Entry point of the language server (dist/server.js): capabilities, and one handler per method. */
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, DidChangeWatchedFilesNotification, type InitializeParams, type InitializeResult, ProposedFeatures, TextDocuments, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { NavigatorOptions, ProviderName } from '../protocol/navigator';
import { registerCallHierarchy } from './handlers/call-hierarchy';
import { registerDefinition } from './handlers/definition';
import { registerHover } from './handlers/hover';
import { registerNavigator } from './handlers/navigator';
import { registerReferences } from './handlers/references';
import { registerSemanticTokens, SEMANTIC_LEGEND } from './handlers/semantic-tokens';
import { registerShapes } from './handlers/shapes';
import { registerSymbols } from './handlers/symbols';
import { registerTypeHierarchy } from './handlers/type-hierarchy';
import { Session } from './session';

// A cold index takes every core: the editor, and the steps of a trace, come first. Threads inherit it.
os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
let session: Session | null = null;

/** The session, or null before a tree is known. */
const current = (): Session | null => session;

function rootOf(params: InitializeParams, options: NavigatorOptions): string | null {
  if (options.kernel !== undefined && options.kernel !== '') return path.resolve(options.kernel);
  const folder = params.workspaceFolders?.[0]?.uri;
  return folder !== undefined && folder.startsWith('file:') ? fileURLToPath(folder) : null;
}

connection.onInitialize((params): InitializeResult => {
  const options = (params.initializationOptions ?? {}) as NavigatorOptions;
  const root = rootOf(params, options);
  if (root !== null) session = new Session(connection, documents, root, options, path.join(__dirname, 'index-worker.js'));
  const on = (name: ProviderName): boolean => options.off?.includes(name) !== true;
  return {
    serverInfo: { name: 'skbwalk navigator' },
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      definitionProvider: on('definition'), declarationProvider: on('declaration'), referencesProvider: on('references'), documentSymbolProvider: on('documentSymbol'),
      workspaceSymbolProvider: on('workspaceSymbol'), hoverProvider: on('hover'), callHierarchyProvider: on('callHierarchy'), implementationProvider: on('implementation'),
      typeHierarchyProvider: on('typeHierarchy'), foldingRangeProvider: on('foldingRange'), selectionRangeProvider: on('selectionRange'),
      semanticTokensProvider: on('semanticTokens') ? { legend: SEMANTIC_LEGEND, full: true, range: true } : undefined,
    },
  };
});

connection.onInitialized(() => {
  void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*.{c,h}' }, { globPattern: '**/.git/HEAD' }] }).catch(() => undefined); // a client without watchers
  void session?.open();
});

documents.onDidOpen((e) => session?.opened(e.document));
documents.onDidChangeContent((e) => session?.edited(e.document));
documents.onDidClose((e) => session?.closed(e.document));
connection.onDidChangeWatchedFiles((e) => session?.changedOnDisk(e.changes.map((c) => c.uri)));

registerDefinition(connection, current);
registerReferences(connection, current);
registerSymbols(connection, current);
registerHover(connection, current);
registerCallHierarchy(connection, current);
registerTypeHierarchy(connection, current);
registerShapes(connection, current);
registerSemanticTokens(connection, current);
registerNavigator(connection, current);

documents.listen(connection);
connection.listen();
