"""Writes optimizers.json: where PyTorch's optimizers go in 20 steps on f(w) = sum a (w - b)^2 / 2 + sum sin(w), in double precision."""
import json
import torch

torch.manual_seed(3)
w0 = torch.randn(19, dtype=torch.float64)
a = torch.rand(19, dtype=torch.float64) * 2
b = torch.randn(19, dtype=torch.float64)
start = torch.randn(19, dtype=torch.float64)
cases = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05, weight_decay=0.01),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0),
}
out = {"weights": w0.tolist(), "a": a.tolist(), "b": b.tolist(), "start": start.tolist(), "pull": 0.3, "decay": 0.01, "rate": 0.05, "steps": 20}
for name, make in cases.items():
    w = w0.clone().requires_grad_(True)
    optimizer = make([w])
    for _ in range(20):
        optimizer.zero_grad()
        loss = (a * (w - b) ** 2 / 2 + torch.sin(w)).sum()
        if name != "adamw":
            loss = loss + 0.3 / 2 * ((w - start) ** 2).sum()
        loss.backward()
        if name == "adamw":
            with torch.no_grad():
                w -= 0.05 * (0.3 * (w - start) + 0.01 * w)  # apart from the gradient, before the step, as AdamW's own decay
        optimizer.step()
    out[name] = w.detach().tolist()
json.dump(out, open("optimizers.json", "w"))
