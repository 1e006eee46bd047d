import type { CliIo } from "../io/cli-io";
import { label } from "../report/label";

/** Multiply–adds, about ten seconds. */
const PATIENCE = 1e10;

/**
 * The method of degrees of freedom when none was asked for: Satterthwaite's, unless it would keep a person
 * waiting, which a note then says.
 *
 * @param work of `ddfWork`
 */
export function defaultDdf(work: number, quiet: boolean, io: CliIo): "satterthwaite" | "none" {
  if (work < PATIENCE) return "satterthwaite";
  if (!quiet) {
    io.stderr(`${label("note", io)} many levels: no degrees of freedom; --ddf satterthwaite computes them\n`);
  }
  return "none";
}
