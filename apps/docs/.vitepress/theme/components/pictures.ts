/** One pattern picture as the script wrote it. */
export interface Picture {
  readonly svg: string;
  readonly caption: string;
}

const files = import.meta.glob<readonly Picture[]>("../../../pictures/*.json", {
  eager: true,
  import: "default",
});

/** The rows of pictures by name, as `scripts/draw-patterns.ts` wrote them. */
export const pictures: Readonly<Record<string, readonly Picture[]>> = Object.fromEntries(
  Object.entries(files).map(([path, row]) => [path.replace(/^.*\/|\.json$/g, ""), row]),
);
