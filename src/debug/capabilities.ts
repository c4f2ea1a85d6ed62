/** What the debug adapter can do (DAP, initialize): a client builds its buttons and menus from it. */
import type { DebugProtocol } from '@vscode/debugprotocol';

/** The answer to `initialize`. */
export const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true, supportsStepBack: true, supportsFunctionBreakpoints: true, supportsConditionalBreakpoints: true, supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true, supportsEvaluateForHovers: true, supportsGotoTargetsRequest: true, supportsBreakpointLocationsRequest: true, supportsSteppingGranularity: true,
  supportsValueFormattingOptions: true, supportsTerminateRequest: true, supportsSetVariable: true, supportsSetExpression: true, supportsDataBreakpoints: true,
};
