/** What the command line says, read once for all commands. */
export interface Options {
  readonly positionals: readonly string[];
  readonly directory: string;
  readonly app?: string;
  readonly port?: number;
  readonly watch: boolean;
  readonly logs: boolean;
  readonly once: boolean;
  readonly follow: boolean;
}
