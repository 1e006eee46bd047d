/** The script of the threads of `--workers`. */
import "@lmmkit/lmm/worker";
