"""The peer of `PaperExperiments steps`: processor milliseconds for a step of training in PyTorch, same layers, batch and optimizer, one thread."""
import re
import sys
import time

import torch
from torch import nn

# Debian's PyTorch multiplies with whatever BLAS is installed; with the reference one it is six times slower, and a ratio to that would flatter us.
if re.search(r"/blas/libblas\.so", open("/proc/self/maps").read()):
    sys.exit("PyTorch's BLAS is the reference implementation here, which is no peer (apt-get install libopenblas0).")

torch.set_num_threads(1)
torch.manual_seed(1)
EPOCHS, STEPS = 5, 12
NETWORKS = [
    ("784-128-64-5", 256, (784,), 5, nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 5))),
    ("two convolutions on 32 x 32 x 3, 128, 5", 128, (3, 32, 32), 5, nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(64 * 8 * 8, 128), nn.ReLU(), nn.Dropout(0.25), nn.Linear(128, 5))),
    ("5000-256-128-9, dropout", 64, (5000,), 9, nn.Sequential(
        nn.Linear(5000, 256), nn.ReLU(), nn.Dropout(0.3), nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 9))),
]
for name, batch, shape, classes, network in NETWORKS:
    features, labels = torch.rand(STEPS * batch, *shape) - 0.5, torch.arange(STEPS * batch) % classes
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, weight_decay=1e-4)
    loss, times = nn.CrossEntropyLoss(), []
    for _ in range(EPOCHS):
        order, begin = torch.randperm(STEPS * batch), time.process_time()
        for step in range(STEPS):
            at = order[step * batch:(step + 1) * batch]
            optimizer.zero_grad()
            value = loss(network(features[at]), labels[at])
            value.backward()
            optimizer.step()
            value.item()
        times.append(1000 * (time.process_time() - begin) / STEPS)
    print(f"{name}\t{batch}\t{sorted(times[1:])[(EPOCHS - 1) // 2]:.3f}")
