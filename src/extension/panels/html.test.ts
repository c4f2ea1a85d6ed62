import assert from 'node:assert/strict';
import { test } from 'node:test';
import { page } from './html';

test('only the script with the nonce may run, and nothing comes from elsewhere', () => {
  const html = page({ csp: 'https://own', nonce: 'abc', script: 'https://own/graph.js', styles: ['https://own/graph.css', 'https://own/codicon.css'], title: 'a "b" <c>', language: 'en' });
  const policy = /content="([^"]*)"/.exec(html.replace(/&#39;/g, "'"))![1];
  assert.match(policy, /^default-src 'none'; script-src 'nonce-abc';/);
  assert.ok(!/script-src[^;]*unsafe/.test(policy) && !policy.includes('*'));
  assert.equal([...html.matchAll(/<script/g)].length, 1);
  assert.ok(html.includes('nonce="abc" src="https://own/graph.js"'));
  assert.ok(html.includes('id="vscode-codicon-stylesheet"'));
  assert.ok(html.includes('<title>a &#34;b&#34; &#60;c&#62;</title>'));
});
