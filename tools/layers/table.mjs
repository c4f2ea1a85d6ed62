// design.md's layer table, as data. The first row whose pattern fits a file is its layer.

const MIRROR = /^src\/emulator\/(lib|fs|arch|kernel|net|drivers)\//;

/**
 * `may`: layers it may import besides itself. `types`: layers of which it may import types only.
 * `packages`: npm packages. `node`: may it use Node's own modules?
 */
export const LAYERS = [
  { name: 'base', files: /^src\/base\//, may: [] },
  { name: 'trace', files: /^src\/trace\//, may: ['base'] },
  // Inline functions of kernel headers call functions of .c files (tcp_push_pending_frames, spin_unlock_bh, ...): so do their mirrors.
  { name: 'include', files: /^src\/emulator\/include\//, may: ['base', 'mirror'], types: ['trace'] },
  // The registers are the NIC's manual: the driver's mirror and the NIC's model both read it.
  { name: 'registers', files: /^src\/emulator\/drivers\/net\/ethernet\/intel\/igb\/e1000_(hw|regs|defines)\.ts$/, may: [], types: ['include', 'mirror'] },
  { name: 'mirror', files: MIRROR, may: ['include', 'registers'] },
  { name: 'machine', files: /^src\/emulator\/machine\//, may: ['base', 'trace', 'include', 'registers'] },
  { name: 'host', files: /^src\/emulator\/[^/]+\.ts$/, may: ['base', 'include', 'mirror', 'machine'], types: ['trace'] },
  { name: 'scenario', files: /^src\/scenario\//, may: ['base', 'trace', 'include', 'mirror', 'machine', 'host'], packages: ['ajv', 'jsonc-parser'], node: true },
  { name: 'source', files: /^src\/source\//, may: ['base'], packages: ['tree-sitter', 'tree-sitter-c'], node: true },
  { name: 'formats', files: /^src\/formats\//, may: ['base', 'trace'] },
  { name: 'protocol', files: /^src\/protocol\//, may: ['base', 'trace'] },
  { name: 'server', files: /^src\/server\//, may: ['base', 'source', 'protocol'], packages: ['vscode-languageserver', 'vscode-languageserver-textdocument'], node: true },
  // The engine's worker resolves anchors where the trace is: a step then costs one message, not two.
  { name: 'debug', files: /^src\/debug\//, may: ['base', 'trace', 'scenario', 'source', 'formats', 'protocol'], packages: ['@vscode/debugadapter', '@vscode/debugprotocol'], node: true },
  { name: 'webview', files: /^src\/webview\//, may: ['base', 'trace', 'protocol'], packages: ['@vscode-elements/elements', '@vscode/codicons', 'd3-hierarchy'] },
  {
    name: 'extension', files: /^src\/extension\//, node: true,
    may: ['base', 'trace', 'include', 'mirror', 'machine', 'host', 'scenario', 'source', 'formats', 'protocol', 'server', 'debug', 'webview'],
    packages: ['vscode', 'vscode-languageclient', '@vscode/debugadapter', '@vscode/debugprotocol'],
  },
  {
    name: 'cli', files: /^src\/cli\//, node: true,
    may: ['base', 'trace', 'include', 'mirror', 'machine', 'host', 'scenario', 'source', 'formats', 'protocol', 'server', 'debug'],
  },
];

/** Layers whose code runs on virtual time and may reach nothing outside. */
export const PURE = new Set(['include', 'mirror', 'machine', 'host']);

/** Layers that mirror kernel folders: import cycles are allowed among them, and the mirror rules hold. */
export const MIRRORED = new Set(['include', 'mirror']);

/** What activation must not load: found by following src/extension's static imports. */
export const HEAVY = { layers: new Set(['mirror', 'machine', 'host']), packages: new Set(['tree-sitter', 'tree-sitter-c']) };

/** The layer of a path relative to the checkout, or undefined. */
export function layerOf(file) {
  return LAYERS.find((layer) => layer.files.test(file));
}

/** Tests may import more than the code they stand beside. */
export function isTest(file) {
  return /\.test\.(ts|mjs)$/.test(file) || file.startsWith('test/');
}

/** Direct dependencies, each looked at once, with its licence. What ends up in the package must go with GPL-2.0-only. */
export const DEPENDENCIES = {
  '@vscode-elements/elements': 'MIT', '@vscode/codicons': 'CC-BY-4.0', '@vscode/debugadapter': 'MIT', '@vscode/debugprotocol': 'MIT', ajv: 'MIT',
  'd3-hierarchy': 'ISC', 'jsonc-parser': 'MIT', 'tree-sitter': 'MIT', 'tree-sitter-c': 'MIT', 'vscode-languageclient': 'MIT', 'vscode-languageserver': 'MIT',
  'vscode-languageserver-textdocument': 'MIT',
  '@types/d3-hierarchy': 'MIT', '@types/mocha': 'MIT', '@types/node': 'MIT', '@types/vscode': 'MIT', '@vscode/test-electron': 'MIT', '@vscode/vsce': 'MIT',
  esbuild: 'MIT', 'fast-check': 'MIT', mocha: 'MIT', typescript: 'Apache-2.0',
};

/** Licences that what we ship may have (codicons is artwork, not linked code). */
export const SHIPPABLE = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'CC0-1.0', 'CC-BY-4.0']);
