/** Built-in scenarios as text to start from. */
import { files } from 'skbwalk:scenarios';

/** Characters of a line; what fits is not broken up. */
const WIDTH = 140;

function written(value: unknown, indent: string): string {
  const flat = JSON.stringify(value).replace(/("(?:[^"\\]|\\.)*")|([:,])/g, (_, text: string | undefined, mark: string) => text ?? `${mark} `);
  const deep = typeof value === 'object' && value !== null && Object.values(value).some((inner) => Array.isArray(inner) && inner.some((item) => typeof item === 'object' && item !== null));
  if (typeof value !== 'object' || value === null || !deep && indent.length > 0 && indent.length + flat.length <= WIDTH && !(Array.isArray(value) && value.length > 1 && typeof value[0] === 'object')) return flat;
  const inner = `${indent}  `, rows = Array.isArray(value) ? value.map((item) => inner + written(item, inner)) : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${written(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return rows.length === 0 ? open + close : `${open}\n${rows.join(',\n')}\n${indent}${close}`;
}

/** A copy of a built-in scenario under a name of its own, a step a line; null when there is none with this id. */
export function copyOfScenario(id: string): string | null {
  if (!Object.hasOwn(files, id)) return null;
  const { $schema: _, ...rest } = JSON.parse(files[id]) as Record<string, unknown>;
  return `${written({ ...rest, id: `my-${id}` }, '')}\n`;
}
