"""Elementary functions to the nearest double, by mpmath with 200 bits: python3 elementary.py > ../fixtures/elementary.json"""
import json, random
import mpmath
mpmath.mp.prec = 300
random.seed(1)
def nearest(v): return float(v)  # mpmath rounds to nearest
positive = [random.uniform(0.5, 2) for _ in range(60)] + [10 ** random.uniform(-300, 300) for _ in range(40)] + [10 ** random.uniform(-3, 3) for _ in range(60)] + [1 - 2 ** -53, 1 + 2 ** -52, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e-310] + [10.0 ** k for k in range(-20, 23)] + [2.0 ** k for k in range(-30, 31, 3)]
small = [s * 10 ** random.uniform(-18, 0) for _ in range(40) for s in (1, -1)]
wide = [random.uniform(-700, 700) for _ in range(60)] + [random.uniform(-3, 3) for _ in range(60)] + [0.34657, -0.34658, 709.7, -708.0, -740.0, 1e-17]
angles = [random.uniform(-10, 10) for _ in range(80)] + [random.uniform(-1e5, 1e5) for _ in range(40)] + [1.5707963267948966, 3.141592653589793, 6.283185307179586, 355.0, 103993.0, 1e-9, 0.7853981633974483]
fs = {
  "log": (positive, mpmath.log), "log2": (positive, lambda x: mpmath.log(x) / mpmath.log(2)), "log10": (positive, lambda x: mpmath.log(x) / mpmath.log(10)),
  "log1p": ([x for x in small if x > -1] + [x for x in wide if x > -1] + [-0.5, -0.9999, 1e300], mpmath.log1p), "exp": (wide + small, mpmath.exp), "expm1": (wide + small, mpmath.expm1),
  "sin": (angles + small, mpmath.sin), "cos": (angles + small, mpmath.cos), "tan": (angles + small, mpmath.tan),
  "sinh": (wide + small, mpmath.sinh), "cosh": (wide + small, mpmath.cosh), "tanh": (wide + small, mpmath.tanh)}
out = {name: [[x, v] for x in xs for v in [nearest(f(mpmath.mpf(x)))] if abs(v) < float("inf")] for name, (xs, f) in fs.items()}
pairs = [(10 ** random.uniform(-5, 5), random.uniform(-30, 30)) for _ in range(120)] + [(2.0, 1 / 3), (10.0, 0.1), (1.0000001, 1e7), (-2.0, 65.0), (-1.5, 101.0)]
out["power"] = [[x, y, v] for x, y in pairs for v in [nearest(mpmath.mpf(x) ** mpmath.mpf(y))] if abs(v) < float("inf")]
print(json.dumps({"source": "mpmath %s, 300 bits, seed 1" % mpmath.__version__, "values": out}))
