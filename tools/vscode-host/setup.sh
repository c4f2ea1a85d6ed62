#!/bin/bash
# Installs the private VS Code that `npm start` (without a desktop VS Code) and `npm test` use, under ./node_modules.
# Idempotent: with everything in place it returns at once.
#   setup.sh                 VS Code in the browser (code-server) and the Node it runs on
#   setup.sh --browser       also Chromium, for the tests; taken from apt when it is missing and we may install
# Environment: BUILD_NATIVE=1 compiles two native modules instead of using the stand-ins in shims/; TRIM=0 keeps what is never used here.
# Exit: 0 ready, 3 this machine cannot have it (the reason is printed), else a failed command.
set -euo pipefail
cd "$(dirname "$0")"
unset NODE_OPTIONS
say() { printf 'vscode-host: %s\n' "$*" >&2; }
cannot() { say "$*"; exit 3; }

find_chromium() { [ -n "${CHROMIUM:-}" ] && [ -x "$CHROMIUM" ] && return 0; command -v chromium chromium-browser google-chrome >/dev/null 2>&1; }

install_chromium() {
  find_chromium && return 0
  command -v apt-get >/dev/null || cannot 'no Chromium found. Install Chromium or Chrome, or set CHROMIUM=/path/to/it.'
  [ "$(id -u)" = 0 ] || cannot 'no Chromium found and not root. Run: sudo apt-get install chromium fonts-dejavu-core'
  say 'installing Chromium (about 110 MB) ...'
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1 ||
    cannot 'apt-get could not install Chromium. Install it by hand, or set CHROMIUM=/path/to/it.'
  find_chromium || cannot 'Chromium was installed but is not on PATH.'
}

# code-server wants Node 24: the npm package for Linux, else the one on PATH
find_node() {
  for home in "$PWD"/node_modules/node-linux-*; do [ -x "$home/bin/node" ] && { printf '%s' "$home/bin/node"; return 0; }; done
  case "$(node --version)" in v24.*) command -v node; return 0 ;; esac
  return 1
}

fingerprint() { cat package.json package-lock.json setup.sh shims/*.js | cksum | tr ' ' '-'; }

install_code_server() {
  local stamp=node_modules/.skbwalk-ready
  [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(fingerprint)" ] && return 0
  say 'installing VS Code for the browser (about 250 MB to download, once) ...'
  npm ci --loglevel=error >&2 || cannot 'npm could not install code-server (see above). Check the network and the npm registry setting, then try again.'
  local node; node=$(find_node) || cannot "code-server needs Node 24, and there is no packaged one for $(uname -s) $(uname -m). Install desktop VS Code and put 'code' on PATH, or use Node 24."
  local vs="$PWD/node_modules/code-server/lib/vscode"
  # What code-server's own postinstall does, without install scripts. Not "npm ci": the shipped shrinkwrap lacks an entry.
  (cd "$vs" && PATH="$(dirname "$node"):$PATH" npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error >&2)
  ln -sfn code-linux.sh "$vs/bin/remote-cli/code-server"
  ln -sfn browser-linux.sh "$vs/bin/helpers/browser.sh"
  if [ "${BUILD_NATIVE:-0}" = 1 ]; then
    (cd "$vs" && PATH="$(dirname "$node"):$PATH" npm rebuild --ignore-scripts=false --nodedir="$(dirname "$(dirname "$node")")" @vscode/spdlog @vscode/native-watchdog >&2)
  else
    cp shims/spdlog.js "$vs/node_modules/@vscode/spdlog/index.js"
    cp shims/native-watchdog.js "$vs/node_modules/@vscode/native-watchdog/index.js"
  fi
  trim "$vs" "$node"
  fingerprint >"$stamp"
}

# About 330 MB that nothing here uses: other platforms' ripgrep, the assistant and its SDKs, the dev-container tool.
trim() {
  [ "${TRIM:-1}" = 1 ] || return 0
  local platform; platform=$("$2" -p 'process.platform + "-" + process.arch')
  find "$1/node_modules/@vscode/ripgrep-universal/bin" -mindepth 1 -maxdepth 1 ! -name "$platform" -exec rm -rf {} +
  rm -rf "$1/extensions/copilot" "$1/node_modules/@github" "$1/node_modules/@microsoft/mxc-sdk" "$1/node_modules/@devcontainers"
}

case "$(uname -s)" in Linux|Darwin) ;; *) cannot "VS Code in the browser is not available on $(uname -s). Install desktop VS Code and put 'code' on PATH." ;; esac
[ "${1:-}" = --browser ] && install_chromium
install_code_server
