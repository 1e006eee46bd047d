/**
 * The arguments of a command line as a shell would split it: blanks separate, double quotes hold
 * together. Only for the examples of the README.
 */
export function splitCommandLine(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
}
