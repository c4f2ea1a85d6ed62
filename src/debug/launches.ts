/** Launch arguments: what of them the engine needs, and whether two mean the same run. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LaunchRequest } from '../protocol/engine';

/** `launch` of a skbwalk configuration, after the provider has completed it. */
export interface LaunchArguments extends DebugProtocol.LaunchRequestArguments, LaunchRequest {
  readonly stopOnEntry?: boolean;
}

/** What the engine needs of the launch arguments. */
export function requestOf({ scenario, text, where, recording, host, entry, kernel, storage, all, skipMinor, changes }: LaunchArguments): LaunchRequest {
  return { scenario, text, where, recording, host, entry, kernel: kernel ?? '', storage: storage ?? '', all, skipMinor, changes };
}

/** Do both ask for the same run, in the same tree, from the same place on? */
export function sameLaunch(a: LaunchRequest, b: LaunchRequest): boolean {
  const told = ({ scenario, text, where, recording, host, entry, kernel, storage, all, skipMinor }: LaunchRequest): string => JSON.stringify([scenario, text, where, recording, host || '', entry || '', kernel, storage, all ?? false, skipMinor ?? false]);
  return told(a) === told(b);
}
