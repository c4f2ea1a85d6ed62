/** What `npm start` shows first. */
import * as vscode from 'vscode';
import { revealPlace } from './commands';
import { workspaceFolders } from './config';

/** SKBWALK_OPEN names, as `FILE:LINE`, where a first trace begins; it is shown in its own folder while nothing else is open. */
export async function showFirstPlace(): Promise<void> {
  const place = /^(.+):(\d+)$/.exec(process.env.SKBWALK_OPEN ?? '');
  const isOurs = place !== null && workspaceFolders().some((folder) => place[1].startsWith(folder));
  if (isOurs && vscode.window.tabGroups.all.every((group) => group.tabs.length === 0)) await revealPlace(place[1], Number(place[2]));
}
