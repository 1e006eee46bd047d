import {
  fromTriplets,
  multiplyAtA,
  multiplyVector,
  toDense,
} from "@lmmkit/sparse";

// Three observations in two groups.
const Z = fromTriplets(3, 2, [0, 1, 2], [0, 0, 1], [1, 1, 1]);

console.log(...multiplyVector(Z, [10, 20]));
console.log(...toDense(multiplyAtA(Z)));
