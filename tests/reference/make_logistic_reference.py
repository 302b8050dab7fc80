"""Makes tests/Transfer.MLNet.Tests/Reference/logistic.json: small logistic and multinomial tasks with their minima.

Objective, with shares s_i = omega_i / sum omega:
    two classes   sum s_i log(1 + exp(-y_i z_i))            + (tau/2) |w - w_sp|^2,         z = x'w + b
    softmax       sum s_i (logsumexp_k z_ik - z_i,y_i)      + (tau/2) sum_k |w_k - w_sp,k|^2
The intercepts are free, left out, or pulled to b_sp by (tau/2)(b - b_sp)^2. LogisticRegression has neither an offset nor a centred
penalty, so the objective is written out here and minimised by Newton's method with full Hessians; where w_sp = 0 and the intercept
is not pulled the result is compared with sklearn's LogisticRegression(solver="newton-cg", tol=1e-10, C=1/(n tau)).

    OPENBLAS_NUM_THREADS=1 python3 tests/reference/make_logistic_reference.py
"""
import json
import pathlib
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

# sklearn's solver stops where its line search cannot tell values apart any more, and says that it did; compare() says how good that is.
warnings.filterwarnings("ignore", module="sklearn")
warnings.filterwarnings("ignore", module="scipy")

OUT = pathlib.Path(__file__).resolve().parents[1] / "Transfer.MLNet.Tests" / "Reference" / "logistic.json"


def loss_parts(X1, y, shares, K, theta, offset):
    """Loss, gradient and Hessian of the loss in theta (outputs x (p+1)), X1 with the constant column last."""
    n, q = X1.shape
    if K == 1:
        z = X1 @ theta[0] + offset[:, 0]
        m = np.where(y == 1, z, -z)
        loss = shares @ np.logaddexp(0, -m)
        prob = 1 / (1 + np.exp(-z))
        grad = X1.T @ (shares * (prob - (y == 1)))
        hess = X1.T @ ((shares * prob * (1 - prob))[:, None] * X1)
        return loss, grad[None, :], hess
    Z = X1 @ theta.T + offset
    Z = Z - Z.max(1, keepdims=True)
    E = np.exp(Z)
    P = E / E.sum(1, keepdims=True)
    Y = np.eye(K)[y]
    loss = -(shares @ np.log(P[np.arange(n), y]))
    grad = ((P - Y) * shares[:, None]).T @ X1
    hess = np.zeros((K, q, K, q))
    for a in range(K):
        for b in range(K):
            d = shares * P[:, a] * ((a == b) - P[:, b])
            hess[a, :, b, :] = X1.T @ (d[:, None] * X1)
    return loss, grad, hess.reshape(K * q, K * q)


def minimise(X, y, omega, K, start_w, start_b, tau, rule):
    n, p = X.shape
    shares = omega / omega.sum()
    X1 = np.hstack([X, np.ones((n, 1)) if rule != "None" else np.zeros((n, 1))])
    base = np.hstack([start_w, start_b[:, None] if rule != "None" else np.zeros((K, 1))])
    offset = X1 @ base.T
    penalty = np.full((K, p + 1), tau)
    penalty[:, p] = tau if rule == "TowardsStart" else 0
    u = np.zeros((K, p + 1))

    def value(v):
        loss, grad, hess = loss_parts(X1, y, shares, K, v, offset)
        return loss + 0.5 * np.sum(penalty * v * v), grad + penalty * v, hess + np.diag(penalty.ravel()), loss

    f, g, H, loss = value(u)
    for _ in range(200):
        # The least-squares solution of smallest norm leaves what the loss does not determine where it is.
        d = -np.linalg.lstsq(H, g.ravel(), rcond=1e-13)[0].reshape(u.shape)
        t = 1.0
        while True:
            f2, g2, H2, loss2 = value(u + t * d)
            if f2 <= f + 1e-4 * t * np.sum(d * g) + 1e-15 or t < 1e-12:
                break
            t /= 2
        u = u + t * d
        f, g, H, loss = f2, g2, H2, loss2
        if np.abs(d).max() < 1e-14 * max(1, np.abs(u).max()):
            break
    assert np.abs(g).max() < 1e-12, np.abs(g).max()
    theta = base + u
    return theta[:, :p], theta[:, p] if rule != "None" else np.zeros(K), f, loss


def compare(X, y, omega, K, classes, tau, rule, w, b):
    n = len(y)
    model = LogisticRegression(
        C=1 / (n * tau), solver="newton-cg", tol=1e-10, max_iter=10000, fit_intercept=rule == "Free")
    model.fit(X, y, sample_weight=omega * n / omega.sum())
    if K == 1:
        W, B = model.coef_, model.intercept_
    else:
        assert model.coef_.shape[0] == K
        W, B = model.coef_, model.intercept_ - np.mean(model.intercept_)
    assert np.abs(W - w).max() < 1e-7 * max(1, np.abs(w).max()), np.abs(W - w).max()
    if rule == "Free":
        assert np.abs(B - b).max() < 1e-7 * max(1, np.abs(b).max()), np.abs(B - b).max()


def case(name, seed, n, p, classes, softmax, density, weighted, zero_start, rule):
    rng = np.random.default_rng(seed)
    # Multiples of 1/64: exact in single precision.
    X = np.round(64 * (rng.standard_normal((n, p)) + 0.5 * rng.standard_normal((n, 1)) + 0.3)) / 64
    if density < 1:
        X = X * (rng.random((n, p)) < density)
    K = classes if softmax else 1
    truth = rng.standard_normal((classes, p)) / np.sqrt(p * density)
    scores = X @ truth.T + 0.5 * rng.standard_normal(classes) + rng.gumbel(size=(n, classes))
    y = scores.argmax(1)
    y[:classes] = np.arange(classes)
    omega = np.round(16 * (0.2 + 3 * rng.random(n))) / 16 if weighted else np.ones(n)
    start_w = np.zeros((K, p)) if zero_start else np.round(64 * rng.standard_normal((K, p)) / np.sqrt(p * density)) / 64
    start_b = np.zeros(K) if zero_start else np.round(64 * rng.standard_normal(K)) / 64
    fits = []
    for tau in (1e-3, 0.05, 2.0):
        w, b, f, loss = minimise(X, y, omega, K, start_w, start_b, tau, rule)
        if zero_start and rule != "TowardsStart":
            compare(X, y, omega, K, classes, tau, rule, w, b)
        fits.append({"tau": tau, "weights": w.ravel().tolist(), "intercepts": b.tolist(), "objective": f, "logLoss": loss})
    return {
        "name": name, "classes": classes, "softmax": softmax, "intercept": rule, "features": X.tolist(), "labels": y.tolist(),
        "rowWeights": omega.tolist() if weighted else None, "startWeights": start_w.ravel().tolist(),
        "startIntercepts": start_b.tolist(), "fits": fits,
    }


CASES = [
    case("binary, plain", 1, 40, 5, 2, False, 1, False, True, "Free"),
    case("binary, plain, weighted", 2, 40, 5, 2, False, 1, True, True, "Free"),
    case("binary, plain, no intercept", 3, 30, 4, 2, False, 1, True, True, "None"),
    case("binary, start", 4, 40, 5, 2, False, 1, False, False, "Free"),
    case("binary, start, weighted", 5, 35, 6, 2, False, 1, True, False, "Free"),
    case("binary, start, pulled intercept", 6, 35, 6, 2, False, 1, True, False, "TowardsStart"),
    case("binary, start, no intercept", 7, 35, 6, 2, False, 1, False, False, "None"),
    case("binary, more features than rows", 8, 20, 40, 2, False, 0.2, True, False, "Free"),
    case("softmax, plain", 11, 45, 4, 3, True, 1, False, True, "Free"),
    case("softmax, plain, weighted", 12, 45, 4, 4, True, 1, True, True, "Free"),
    case("softmax, start, weighted", 13, 40, 5, 3, True, 1, True, False, "Free"),
    case("softmax, start, pulled intercepts", 14, 40, 4, 4, True, 1, True, False, "TowardsStart"),
    case("softmax, start, no intercepts", 15, 40, 4, 3, True, 1, False, False, "None"),
    case("softmax, more features than rows", 16, 20, 30, 3, True, 0.2, True, False, "Free"),
    case("softmax of two classes", 17, 30, 4, 2, True, 1, True, False, "Free"),
]
OUT.write_text("[\n" + ",\n".join(json.dumps(c) for c in CASES) + "\n]\n")
print(len(CASES), "cases,", OUT.stat().st_size, "bytes")
