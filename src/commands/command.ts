/** A subcommand of `imgwire`. */
export interface Command {
  /** For `--help`: one line. */
  summary: string;
  /**
   * @param args what follows its name
   * @throws ConfigError, and the errors of `parseArgs`, for a mistake in how it was called
   */
  run(args: string[]): Promise<void>;
}
