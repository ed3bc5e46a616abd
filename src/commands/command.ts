/** A subcommand of `imgwire`. */
export interface Command {
  /** One line for `--help`. */
  summary: string;
  /**
   * @param args those after the command's name
   * @throws ConfigError, and the errors of `parseArgs`, for wrong usage
   */
  run(args: string[]): Promise<void>;
}
