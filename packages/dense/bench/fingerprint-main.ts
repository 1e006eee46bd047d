import { fingerprint } from "./fingerprint";

/** Global of Node; absent in browsers. */
declare const process: { version: string } | undefined;

const engine = typeof process === "undefined" ? navigator.userAgent : `Node ${process.version}`;
const text = JSON.stringify({
  engine,
  results: [fingerprint("auto"), fingerprint("wasm"), fingerprint("typescript")],
});
if (typeof document !== "undefined") document.body.textContent = text;
else if (typeof process === "undefined") postMessage(text);
else console.log(text);
