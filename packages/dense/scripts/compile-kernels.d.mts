/** Compiles assembly/index.ts; resolves to the bytes of the module. */
export function compileKernels(): Promise<Uint8Array>;
/** The TypeScript file that embeds the bytes. */
export function generatedFile(bytes: Uint8Array): string;
