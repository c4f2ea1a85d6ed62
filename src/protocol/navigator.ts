/** Messages between the extension and the language server beyond the protocol's own. Lines and columns count from 1, paths are relative to the tree. */

/** What the extension tells the server at start (initializationOptions). */
export interface NavigatorOptions {
  /** Root of the kernel tree; the first workspace folder when left out or empty. */
  readonly kernel?: string;
  /** Folder for the saved indexes; none are saved when left out. */
  readonly cache?: string;
  /** Folders of the tree to read; all when left out. */
  readonly only?: readonly string[];
  /** Threads that read; the number of cores, at most four, when left out. */
  readonly threads?: number;
  /** Architecture whose code counts; x86 when left out. */
  readonly arch?: string;
  /** Does the client show the status itself? Then the protocol's own progress is not used. */
  readonly ownProgress?: boolean;
  /** Translations from English of what the server says in hovers and progress; English when left out. */
  readonly words?: Readonly<Record<string, unknown>>;
  /** Providers to leave to another extension (clangd, cpptools). */
  readonly off?: readonly ProviderName[];
}

/** Providers that can be switched off. */
export type ProviderName =
  | 'definition' | 'declaration' | 'references' | 'documentSymbol' | 'workspaceSymbol' | 'hover' | 'callHierarchy' | 'implementation' | 'typeHierarchy' | 'foldingRange' | 'selectionRange' | 'semanticTokens';

/** Where the index stands. Sent as a notification whenever it changes. */
export interface NavigatorStatus {
  readonly phase: 'idle' | 'indexing' | 'paused' | 'ready' | 'cancelled' | 'failed';
  readonly done: number;
  readonly total: number;
  /** What a user needs to know: unreadable folders, a full disk, a damaged cache. */
  readonly messages: readonly string[];
}

/** Counts over the index. */
export interface NavigatorStats {
  readonly files: number;
  readonly functions: number;
  readonly calls: number;
  readonly ops: number;
  readonly macros: number;
  readonly definitions: number;
  readonly complete: boolean;
  readonly seconds: number;
  readonly cacheBytes: number;
}

/** A place in the tree. */
export interface NavigatorPlace { readonly path: string; readonly line: number; readonly column: number }

/** A function in a graph or a chain. */
export interface NavigatorNode extends NavigatorPlace { readonly name: string; readonly kind: string }

/** The struct and member that a call goes through; `later`: it is only asked for here, as this softirq, work item or timer. */
export interface NavigatorVia { readonly struct: string; readonly member: string; readonly later?: string }

/** A pointer hop in words. */
export function viaWords(via: NavigatorVia): string {
  return `${[via.struct, via.member].filter((w) => w !== '').join('.')}${via.later === undefined ? '' : ` (${via.later})`}`;
}

/** A call: where it stands, and the struct and member when it goes through a pointer. */
export interface NavigatorHop extends NavigatorNode {
  readonly site: NavigatorPlace;
  readonly via: NavigatorVia | null;
}

/** Which chains lead from one function to another. */
export interface PathRequest { readonly from: string; readonly to: string; readonly chains?: number }
export interface PathReply {
  readonly from: NavigatorNode | null;
  readonly to: NavigatorNode | null;
  readonly chains: ReadonlyArray<readonly NavigatorHop[]>;
}

/** The calls around a function, for the graph panel. */
export interface NeighbourhoodRequest {
  readonly center: string;
  /** Which of several functions of that name. */
  readonly at?: { readonly path: string; readonly line: number };
  /** Hops out and in. */
  readonly depth?: number;
  readonly callers?: boolean;
  readonly callees?: boolean;
  /** At most so many nodes; 300 when left out. */
  readonly limit?: number;
  /** Only functions whose path starts with one of these. */
  readonly folders?: readonly string[];
}
export interface NeighbourhoodReply {
  readonly nodes: readonly NavigatorNode[];
  /** Indexes into `nodes`. */
  readonly edges: ReadonlyArray<{ readonly from: number; readonly to: number; readonly site: NavigatorPlace; readonly via: NavigatorVia | null }>;
  /** Were there more than the limit? */
  readonly cut: boolean;
}

/** What a running trace has shown: moves these candidates to the front. */
export interface LiveRequest {
  readonly functions: readonly string[];
  /** `caller>callee`. */
  readonly pairs: readonly string[];
}

/** The function, or the macro, at a line: where a chain or a neighbourhood starts. */
export interface FunctionAtRequest { readonly uri: string; readonly line: number; readonly column: number }
export interface FunctionAtReply { readonly name: string }

/** Steers the index. `rest` pauses it by itself for `ms` from now on and touches no pause of the user's; a later rest replaces an earlier one. */
export type ControlRequest = { readonly action: 'pause' | 'resume' | 'cancel' | 'rebuild' | 'clear-cache' } | { readonly action: 'rest'; readonly ms: number };

/** What the compiler leaves out under the tree's .config: line ranges, both ends included. */
export interface InactiveRequest { readonly uri: string }
export interface InactiveReply { readonly ranges: ReadonlyArray<{ readonly from: number; readonly to: number }> }

/** Calls through pointers in a file, for marks in the editor. */
export interface PointerSitesRequest { readonly uri: string }
export interface PointerSitesReply {
  readonly sites: ReadonlyArray<{ readonly site: NavigatorPlace; readonly struct: string; readonly member: string; readonly count: number; readonly first: readonly string[] }>;
}

/** Method names of the messages above. */
export const NAVIGATOR = {
  status: 'skbwalk/navigator/status',
  stats: 'skbwalk/navigator/stats',
  path: 'skbwalk/navigator/path',
  neighbourhood: 'skbwalk/navigator/neighbourhood',
  live: 'skbwalk/navigator/live',
  functionAt: 'skbwalk/navigator/functionAt',
  control: 'skbwalk/navigator/control',
  inactive: 'skbwalk/navigator/inactive',
  pointerSites: 'skbwalk/navigator/pointerSites',
} as const;
