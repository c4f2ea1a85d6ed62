/** What the browser tests need inside the page: the made-up trace, and the words in Chinese. */
import chinese from '../../l10n/bundle.l10n.zh-cn.json';
import { syntheticTrace } from './synthetic';

Object.assign(globalThis, { syntheticTrace, chinese });
