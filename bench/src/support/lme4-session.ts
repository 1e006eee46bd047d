import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { DataFiles } from "../../../tests/support/data-files";
import type { ReferenceModel } from "../../../tests/support/reference";

/** One timed call of `lmer`. */
export interface Lme4Fit {
  readonly seconds: number;
  readonly criterion: number;
  readonly theta: readonly number[];
  readonly evaluations: number;
  readonly warnings: readonly string[];
}

/** One timed call of `confint`, by profile. */
export interface Lme4Intervals {
  readonly seconds: number;
  readonly names: readonly string[];
  /** `"NA"` where lme4 found no limit. */
  readonly lower: readonly (number | string)[];
  readonly upper: readonly (number | string)[];
}

/** What a model needs besides its data. */
export type ModelCall = Pick<ReferenceModel, "formula" | "reml" | "contrasts" | "weights" | "offset">;

/** One long-lived R process with lme4 loaded, so that nothing but the calls themselves is timed. */
export class Lme4Session {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];

  /** Null where R or lme4 is absent. */
  static async start(): Promise<Lme4Session | null> {
    const session = new Lme4Session();
    try {
      await session.versions();
      return session;
    } catch {
      return null;
    }
  }

  private constructor() {
    const script = fileURLToPath(new URL("../../r/session.R", import.meta.url));
    this.child = spawn(process.env.RSCRIPT ?? "Rscript", [script], { stdio: "pipe" });
    let complaint = "";
    this.child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    const fail = () => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`R ended: ${complaint}`));
    };
    this.child.on("error", fail).on("close", fail);
    this.child.stdin.on("error", () => {});
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      if (line.startsWith("{")) this.waiting.shift()?.resolve(line);
    });
  }

  /** R, lme4, Matrix and the linear algebra library in use. */
  versions(): Promise<Record<string, string>> {
    return this.ask({ op: "versions" }) as Promise<Record<string, string>>;
  }

  /** Reads a table; the calls that follow use it. */
  async load(files: DataFiles): Promise<void> {
    await this.ask({ op: "load", ...files });
  }

  /** Calls `lmer` once, defaults as they are but for checks that would refuse the model. */
  async fit({ formula, reml, contrasts, weights, offset }: ModelCall): Promise<Lme4Fit> {
    return (await this.ask({ op: "fit", formula, reml, contrasts, weights, offset })) as Lme4Fit;
  }

  /** Calls `refit` of the last fit on each response; seconds per call. */
  async refit(responses: readonly (readonly number[])[]): Promise<number[]> {
    return ((await this.ask({ op: "refit", responses })) as { seconds: number[] }).seconds;
  }

  /** Calls `confint(method = "profile")` on the last fit. */
  async intervals(): Promise<Lme4Intervals> {
    return (await this.ask({ op: "intervals" })) as Lme4Intervals;
  }

  /** Ends R. */
  close(): void {
    this.child.stdin.end();
  }

  private ask(request: object): Promise<unknown> {
    return new Promise<string>((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify(request)}\n`);
    }).then((line) => {
      const answer = JSON.parse(line) as { error?: string };
      if (answer.error !== undefined) throw new Error(`lme4: ${answer.error}`);
      return answer;
    });
  }
}
