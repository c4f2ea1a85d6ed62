/** Built-in scenarios as text to start from. */
import { files } from 'skbwalk:scenarios';

/** Characters of a line; what fits is not broken up. */
const WIDTH = 140;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
/** Hosts, programs and steps stand one below the other. */
const isColumn = (value: unknown): boolean => Array.isArray(value) && value.some(isObject);

/** Does it stand in one line, which would be `width` characters? */
function fits(value: object, width: number): boolean {
  const isLong = isColumn(value) && Object.keys(value).length > 1;
  return width <= WIDTH && !isLong && !Object.values(value).some(isColumn);
}

function written(value: unknown, indent: string): string {
  const flat = JSON.stringify(value).replace(/("(?:[^"\\]|\\.)*")|([:,])/g, (_, text: string | undefined, mark: string) => text ?? `${mark} `), isRoot = indent === '';
  if (!isObject(value) || !isRoot && fits(value, indent.length + flat.length)) return flat;
  const inner = `${indent}  `, rows = Array.isArray(value) ? value.map((item) => inner + written(item, inner)) : Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${written(item, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${rows.join(',\n')}\n${indent}${close}`;
}

/** A copy of a built-in scenario under a name of its own, a step a line; null when there is none with this id. */
export function copyOfScenario(id: string): string | null {
  if (!Object.hasOwn(files, id)) return null;
  const { $schema: _, ...rest } = JSON.parse(files[id]) as Record<string, unknown>;
  return `${written({ ...rest, id: `my-${id}` }, '')}\n`;
}
