/** What the browser tests need inside the page: the made-up trace. */
import { syntheticTrace } from './synthetic';

Object.assign(globalThis, { syntheticTrace });
