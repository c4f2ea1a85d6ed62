/** What the browser tests need inside the page: the made-up trace, and an eye for contrast. */
import { textContrasts } from './contrast';
import { syntheticTrace } from './synthetic';

Object.assign(globalThis, { syntheticTrace, textContrasts });
