// The extension speaks the editor's language: Chinese bundles are found and used in every place that has words of ours.
import assert from 'node:assert/strict';
import { Workbench } from './workbench.mjs';

export async function chinese({ vsix, folder, results }) {
  const ui = await Workbench.open({ vsix, folder, language: 'zh-cn' });
  try {
    await results.test(ui.page, 'chinese 01 lens, palette, scenarios', async () => {
      await ui.openFile('net/socket.c');
      await ui.lens('跟踪 sendto()').first().waitFor();
      await ui.command('skbwalk: 跟踪...');
      await ui.pick('通过 TCP 发送 64 字节');
    });
    await results.test(ui.page, 'chinese 02 status bar, contexts, call graph', async () => {
      await ui.status('第').waitFor();
      await ui.page.locator('.debug-call-stack .monaco-list-row', { hasText: '软中断' }).first().waitFor();
      await ui.webview().locator('.row.current').first().waitFor();
      assert.equal(await ui.webview().locator('.status .title').textContent(), '通过 TCP 发送 64 字节');
      assert.ok((await ui.webview().locator('.gutter.first').allTextContents()).includes('系统调用'));
    });
  } finally {
    await ui.close();
  }
}
