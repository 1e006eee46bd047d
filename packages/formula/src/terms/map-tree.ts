import type { Expression } from "../syntax/ast";

/**
 * A copy of a tree in which `replace` has stood in for the nodes that it knows; what it returns null for is
 * copied with its own parts replaced. Long sums are walked in a loop.
 */
export function mapTree(node: Expression, replace: (node: Expression) => Expression | null): Expression {
  const replaced = replace(node);
  if (replaced !== null) return replaced;
  switch (node.kind) {
    case "paren":
      return { ...node, inner: mapTree(node.inner, replace) };
    case "unary":
      return { ...node, operand: mapTree(node.operand, replace) };
    case "call":
      return { ...node, args: node.args.map((arg) => ({ ...arg, value: mapTree(arg.value, replace) })) };
    case "binary": {
      const spine = [node];
      let innermost = node.left;
      let start = replace(innermost);
      while (start === null && innermost.kind === "binary") {
        spine.push(innermost);
        innermost = innermost.left;
        start = replace(innermost);
      }
      let out = start ?? mapTree(innermost, replace);
      for (let i = spine.length - 1; i >= 0; i--) {
        out = { ...spine[i], left: out, right: mapTree(spine[i].right, replace) };
      }
      return out;
    }
    default:
      return node;
  }
}
