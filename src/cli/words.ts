/** The language of what the command line says: Simplified Chinese where the locale is, else English. Data (rows, JSON, formats) stays as it is. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Translate } from '../debug/labels';

/** The translations of a checkout, beside dist/. */
const CHINESE = path.join(__dirname, '../l10n/bundle.l10n.zh-cn.json');

/** Is this a locale that reads Simplified Chinese? LC_ALL counts before LC_MESSAGES, and that before LANG (POSIX, chapter 8). */
export function isChinese(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return /^zh(_(CN|SG)|[.@-]|$)/i.test(locale) && !/^zh[-_](TW|HK|MO|Hant)/i.test(locale);
}

function load(file: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    // Bundles copied elsewhere come without translations: English is the answer then, and no reason to fail.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Translates for the locale of `env`; `file` holds the Chinese. */
export function translator(env: Readonly<Record<string, string | undefined>>, file = CHINESE): Translate {
  const words = isChinese(env) ? load(file) : {};
  return (text, ...args) => (words[text] ?? text).replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)] ?? ''));
}
