/** Everything that can keep the engine from coming up or staying up. Each has its row in docs/failures.md. */
export type EngineErrorType =
  | 'EngineAlreadyRunning'
  | 'EngineChildDied'
  | 'EngineStartTimeout'
  | 'FastForwardFailed'
  | 'NoPostgresBinary'
  | 'NoPostgresUser'
  | 'NoTemporalBinary'
  | 'PortInUse'
  | 'SchemaSetupFailed'
  | 'SearchAttributeMismatch';

/** An error of the engine whose message says what happened and what the operator can do about it. */
export class EngineError extends Error {
  constructor(
    readonly type: EngineErrorType,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EngineError';
  }
}
