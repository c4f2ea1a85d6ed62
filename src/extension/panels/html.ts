/** The page of a webview: a strict content security policy, one script, one style sheet. Pure. */

export interface PageParts { readonly csp: string; readonly nonce: string; readonly script: string; readonly styles: readonly string[]; readonly title: string; readonly language: string }

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** HTML of the page. Only the named script runs; styles, fonts and images come from `csp` (the webview's own source). */
export function page({ csp, nonce, script, styles, title, language }: PageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${csp} 'unsafe-inline'; font-src ${csp}; img-src ${csp} data:; worker-src blob:`;
  const links = styles.map((href) => `<link rel="stylesheet" href="${escape(href)}"${href.endsWith('codicon.css') ? ' id="vscode-codicon-stylesheet"' : ''}>`).join('\n');
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
${links}
<title>${escape(title)}</title>
</head>
<body>
<div id="root"></div>
<script type="module" nonce="${escape(nonce)}" src="${escape(script)}"></script>
</body>
</html>`;
}
