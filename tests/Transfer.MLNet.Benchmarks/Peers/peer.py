"""The peers' side of the benchmarks: reads the same files as ours, does the same work, and times itself.

One JSON object a line on standard input, one on standard output. {"op": NAME, "dir": FOLDER, ...} sets an operation up (files are
read, nothing is timed), {"run": true} runs it once and answers with the seconds it took, {"result": FILE} writes what the last run gave
as float64.
"""
import json
import os
import sys
import time

import numpy as np
import scipy.linalg
import scipy.sparse
from scipy.linalg import blas, lapack


def load(folder, name, columns=None):
    values = np.fromfile(os.path.join(folder, name + ".f64"))
    return values if columns is None else values.reshape(-1, columns)


def task(a, name="x"):
    return load(a["dir"], name, a["p"]), load(a["dir"], "y" + name[1:])


def ridge_path_sklearn(a):
    from sklearn.linear_model import Ridge
    (x, y), taus = task(a), a["taus"]

    def run():
        return np.array([Ridge(alpha=len(y) * t).fit(x, y).coef_ for t in taus])
    return run


def ridge_path_eigh(a):
    (x, y), taus = task(a), np.array(a["taus"])

    def run():
        n = len(y)
        xc, yc = x - x.mean(0), y - y.mean()
        if x.shape[0] >= x.shape[1]:
            values, vectors = np.linalg.eigh(xc.T @ xc / n)
            inside = vectors.T @ (xc.T @ yc / n)
            return ((inside / (values + taus[:, None])) @ vectors.T)
        values, vectors = np.linalg.eigh(xc @ xc.T / n)
        return ((vectors.T @ yc) / (n * (values + taus[:, None]))) @ vectors.T @ xc
    return run


def leave_one_out_ridgecv(a):
    from sklearn.linear_model import RidgeCV
    (x, y), taus = task(a), np.array(a["taus"])

    def run():
        return RidgeCV(alphas=len(y) * taus, store_cv_values=True).fit(x, y).cv_values_.mean(0)
    return run


def brute_force_sklearn(a):
    """Seconds of the whole grid, from those of some of its cells: see Comparisons/AdvisorAgainstRetraining.cs."""
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import KFold
    (x0, y0), (x1, y1) = task(a, "x0"), task(a, "x1")
    folds = list(KFold(a["folds"], shuffle=True, random_state=0).split(x1))

    def run():
        for tau0, tau1 in a["cells"]:
            source = Ridge(alpha=len(y0) * tau0).fit(x0, y0) if a["source"] else None
            w = source.coef_ if source is not None else np.zeros(x1.shape[1])
            errors = 0.0
            for fit, held in folds:
                tuned = Ridge(alpha=len(fit) * tau1).fit(x1[fit], y1[fit] - x1[fit] @ w)
                errors += ((y1[held] - x1[held] @ w - tuned.predict(x1[held])) ** 2).sum()
        return np.array([errors])
    return run


def l2sp_closed_form(a):
    (x, y), start, tau = task(a), load(a["dir"], "start"), a["tau"]

    def run():
        n, p = x.shape
        m = x.mean(0)
        xc, yc = x - m, y - y.mean()
        if n < p:
            gram = xc @ xc.T
            gram /= n
            gram[np.diag_indices(n)] += tau
            return start + xc.T @ scipy.linalg.solve(gram, (yc - xc @ start) / n, assume_a="pos", check_finite=False, overwrite_a=True)
        gram = xc.T @ xc
        gram /= n
        right = xc.T @ yc / n - gram @ start
        gram[np.diag_indices(p)] += tau
        return start + scipy.linalg.solve(gram, right, assume_a="pos", check_finite=False, overwrite_a=True)
    return run


def l2sp_torch(a):
    """Steps until the objective is as near to the least one as asked for. The data are centred for the optimiser before the clock starts."""
    import torch
    torch.set_num_threads(a["threads"])
    dtype = getattr(torch, a["dtype"])
    (x, y), start, tau = task(a), load(a["dir"], "start"), a["tau"]
    x, y, start = (torch.tensor(v, dtype=dtype) for v in (x - x.mean(0), y - y.mean(), start))
    goal = a["goal"]
    sgd = a["op"] == "l2sp_torch_sgd"

    def run():
        torch.manual_seed(0)
        w, b = start.clone().requires_grad_(True), torch.zeros((), dtype=dtype, requires_grad=True)

        def objective(rows=slice(None)):
            return ((y[rows] - b - x[rows] @ w) ** 2).mean() + tau * ((w - start) ** 2).sum()

        def close():
            with torch.no_grad():
                return float(objective()) <= goal

        if sgd:
            rate, batch, n = a["rate"], a["batch"], len(y)
            optimiser = torch.optim.SGD([w, b], lr=rate, momentum=0.9)
            schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, a["decay"])
            for _ in range(200):
                order = torch.randperm(n)
                for i in range(0, n, batch):
                    optimiser.zero_grad()
                    objective(order[i:i + batch]).backward()
                    optimiser.step()
                schedule.step()
                if close():
                    return w.detach().numpy().astype(float)
        else:
            optimiser = torch.optim.LBFGS([w, b], lr=1, max_iter=1, history_size=10, line_search_fn="strong_wolfe")

            def closure():
                optimiser.zero_grad()
                value = objective()
                value.backward()
                return value
            for _ in range(500):
                optimiser.step(closure)
                if close():
                    return w.detach().numpy().astype(float)
        raise RuntimeError("the objective was not reached")
    return run


def ridge_sparse_sklearn(a):
    from sklearn.linear_model import Ridge
    starts, features, values, y = (load(a["dir"], name) for name in ("starts", "features", "values", "y"))
    x = scipy.sparse.csr_matrix((values, features.astype(np.int32), starts.astype(np.int32)), shape=(len(y), a["p"]))

    def run():
        return Ridge(alpha=len(y) * a["tau"], solver="sparse_cg", tol=1e-9).fit(x, y).coef_
    return run


def logistic_sklearn(a):
    from sklearn.linear_model import LogisticRegression
    (x, y), tau = task(a), a["tau"]

    def run():
        # scikit-learn: C times the sum of losses + |w|^2 / 2; ours: the mean of losses + tau |w|^2 / 2.
        c = 1 / (len(y) * tau)
        return LogisticRegression(C=c, solver="lbfgs", tol=a["tol"], max_iter=1000).fit(x, y).coef_[0]
    return run


def kernel(a):
    x = load(a["dir"], "x", a["p"])
    name = a["kernel"]
    if name == "gram":
        x = np.asfortranarray(x.T)
        return lambda: blas.dsyrk(1.0, x, lower=1)
    if name == "product":
        return lambda: x @ x
    if name == "cholesky":
        return lambda: lapack.dpotrf(x, lower=1)[0]
    if name == "eigen":
        return lambda: np.linalg.eigh(x)[0]
    raise ValueError(name)


def versions(_):
    found = {"Python": sys.version.split()[0], "NumPy": np.__version__, "SciPy": scipy.__version__}
    try:
        import sklearn
        found["scikit-learn"] = sklearn.__version__
    except ImportError:
        pass
    try:
        import torch
        found["PyTorch"] = torch.__version__
    except Exception:  # absent, or one of its libraries is
        pass
    try:
        import threadpoolctl
        np.ones((2, 2)) @ np.ones((2, 2))
        for pool in threadpoolctl.threadpool_info():
            if pool["user_api"] == "blas":  # the reference implementation is none of those that threadpoolctl knows
                found["BLAS"] = f"{pool['internal_api']} {pool['version']} {pool['architecture']}, {pool['num_threads']} threads"
    except ImportError:
        found["BLAS"] = "unknown (python3-threadpoolctl is not installed)"
    found.setdefault("BLAS", "the reference implementation, which is slow and no peer (libopenblas0 is not installed)")
    return found


OPERATIONS = {f.__name__: f for f in (
    ridge_path_sklearn, ridge_path_eigh, leave_one_out_ridgecv, brute_force_sklearn, l2sp_closed_form, ridge_sparse_sklearn, logistic_sklearn, kernel)}
OPERATIONS["l2sp_torch_sgd"] = OPERATIONS["l2sp_torch_lbfgs"] = l2sp_torch


def logistic_rows(a):
    """Sparse rows as they are; dense ones, of which every value is there, as a dense array."""
    import scipy.sparse
    from sklearn.linear_model import LogisticRegression
    starts, columns, values, y = (load(a["dir"], name) for name in ("starts", "columns", "values", "labels"))
    x = scipy.sparse.csr_matrix((values, columns.astype(np.int32), starts.astype(np.int32)), shape=(len(y), a["p"]))
    x = x.toarray() if len(values) == x.shape[0] * x.shape[1] else x

    def run():
        # scikit-learn: C times the sum of losses + |w|^2 / 2; ours: the mean of losses + tau |w|^2 / 2.
        model = LogisticRegression(C=1 / (len(y) * a["tau"]), solver="lbfgs", tol=a["tol"], max_iter=1000).fit(x, y)
        return np.append(model.coef_[0], model.intercept_)
    return run


OPERATIONS["logistic_rows"] = logistic_rows


def softmax_sklearn(a):
    from sklearn.linear_model import LogisticRegression
    (x, y), tau = task(a), a["tau"]

    def run():
        # scikit-learn: C times the sum of losses + |w|^2 / 2; ours: the mean of losses + tau |w|^2 / 2.
        model = LogisticRegression(C=1 / (len(y) * tau), solver="lbfgs", tol=a["tol"], max_iter=10_000).fit(x, y)
        return np.append(model.coef_.ravel(), model.intercept_)
    return run


OPERATIONS["softmax_sklearn"] = softmax_sklearn


def logistic_path(a):
    from sklearn.linear_model import LogisticRegressionCV
    x, y, fold, strengths = load(a["dir"], "x", a["p"]), *(load(a["dir"], name) for name in ("y", "folds", "strengths"))
    folds = [(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in np.unique(fold)]

    def run():
        model = LogisticRegressionCV(Cs=strengths, cv=folds, scoring="neg_log_loss", max_iter=1000).fit(x, y)
        return -np.mean(next(iter(model.scores_.values())), axis=0)
    return run


OPERATIONS["logistic_path"] = logistic_path


def main():
    run, last = None, None
    for line in sys.stdin:
        a = json.loads(line)
        try:
            if "versions" in a:
                answer = versions(a)
            elif "op" in a:
                run = last = None
                run = OPERATIONS[a["op"]](a)
                answer = {"ready": True}
            elif "run" in a:
                began = time.perf_counter()
                last = run()
                answer = {"seconds": time.perf_counter() - began}
            else:
                np.ascontiguousarray(last, dtype=float).tofile(a["result"])
                answer = {"written": True}
        except Exception as e:
            answer = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), flush=True)


main()
