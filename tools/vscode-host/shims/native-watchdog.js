// Stand-in for the native @vscode/native-watchdog: the script poll in the extension host already ends it with its parent.
exports.start = () => {};
exports.exit = (code) => process.exit(code || 0);
