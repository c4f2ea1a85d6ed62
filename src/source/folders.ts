/** Folders that are made when something is written into them. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a folder and those around it; one that is there is fine. Throws what the system says. Not by Node's own `recursive`: where making a folder
 * fails with ENOENT although the one around it is there (as in /proc), that tries for ever.
 */
export function makeFolder(dir: string): void {
  if (dir !== '' && existsSync(dir) && statSync(dir).isDirectory()) return;
  const around = path.dirname(dir);
  if (around !== dir) makeFolder(around);
  try {
    mkdirSync(dir);
  } catch (error) {
    // Somebody else may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(dir).isDirectory()) throw error;
  }
}
