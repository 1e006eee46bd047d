"""The log determinant of symmetric positive definite matrices to 60 digits, and what rounding may do to it.

    pip install mpmath
    python3 packages/cholmod-ts/scripts/log-determinant.py MATRIX.mtx ...

Reads coordinate real symmetric Matrix Market files (lower triangle), takes each entry as the double nearest
to its text, as the programs compared do, and eliminates with 60 decimal digits. Printed beside it:

  sensitivity = u * sum over i, j of |A^-1|_ij |A|_ij / |log det A|

with u = 2^-53: the relative change of log det A when every entry of A changes by one rounding, to first
order (d log det A = trace(A^-1 dA)). No program that rounds can promise more digits than that.
"""

import sys

from mpmath import fabs, log, mp, mpf, nstr

mp.dps = 60


def read(path):
    with open(path) as file:
        lines = [line for line in file if not line.startswith("%")]
    n = int(lines[0].split()[0])
    columns = [{} for _ in range(n)]
    for line in lines[1:]:
        i, j, value = line.split()
        i, j = int(i) - 1, int(j) - 1
        columns[min(i, j)][max(i, j)] = columns[min(i, j)].get(max(i, j), mpf(0)) + mpf(float(value))
    return n, columns


def factorize(n, columns):
    """A = L D L', right-looking, column by column; returns the columns of L below the diagonal, and D."""
    work = [dict(column) for column in columns]
    pivots = []
    for k in range(n):
        pivot = work[k].pop(k)
        if pivot <= 0:
            raise ValueError(f"not positive definite: column {k}")
        pivots.append(pivot)
        below = sorted(work[k].items())
        for at, (j, ljk) in enumerate(below):
            target = work[j]
            factor = ljk / pivot
            for i, lik in below[at:]:
                target[i] = target.get(i, 0) - lik * factor
        work[k] = {i: x / pivot for i, x in below}
    return work, pivots


def sensitivity(n, columns, lower, pivots):
    """Sum of |A^-1|_ij |A|_ij over all entries, the inverse on the pattern of L by Takahashi's recurrence."""
    inverse = {}
    entry = lambda i, j: inverse[(i, j) if i >= j else (j, i)]
    for j in range(n - 1, -1, -1):
        below = lower[j]
        for i in below:
            inverse[(i, j)] = -sum((x * entry(i, k) for k, x in below.items()), mpf(0))
        inverse[(j, j)] = 1 / pivots[j] - sum((x * inverse[(k, j)] for k, x in below.items()), mpf(0))
    total = mpf(0)
    for j, column in enumerate(columns):
        for i, x in column.items():
            total += (1 if i == j else 2) * fabs(x * inverse[(i, j)])
    return total


for path in sys.argv[1:]:
    n, columns = read(path)
    lower, pivots = factorize(n, columns)
    truth = sum((log(d) for d in pivots), mpf(0))
    bound = sensitivity(n, columns, lower, pivots) * mpf(2) ** -53 / fabs(truth)
    print(path.split("/")[-1], "log det", nstr(truth, 30), "sensitivity", nstr(bound, 2), flush=True)
