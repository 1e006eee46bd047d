/** The script of a worker, bundled: serves every task of lmm. */
import "@lmmkit/lmm/worker";
