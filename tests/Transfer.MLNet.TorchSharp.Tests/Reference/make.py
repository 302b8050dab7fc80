"""Writes the ONNX files of this folder and what PyTorch's networks answer: torch 1.13 (python3-torch of Debian 12), single thread."""
import json
import torch
from torch import nn

torch.manual_seed(7)


class Chained(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 3, 3, padding=1)
        self.conv2 = nn.Conv2d(3, 4, 3)
        self.fc1 = nn.Linear(4 * 2 * 2, 5)
        self.fc2 = nn.Linear(5, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = torch.tanh(self.conv2(x))
        x = torch.flatten(x, 1)
        return torch.softmax(self.fc2(torch.sigmoid(self.fc1(x))), 1)


def write(name, net, x, before_softmax):
    net.eval()
    torch.onnx.export(net, x, name + ".onnx", opset_version=13, input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}})
    with torch.no_grad():
        json.dump({"inputs": x.flatten(1).tolist(), "scores": before_softmax(x).tolist()}, open(name + ".json", "w"))


cnn = Chained()


def cnn_scores(x):
    h = nn.functional.max_pool2d(torch.relu(cnn.conv1(x)), 2)
    h = torch.flatten(torch.tanh(cnn.conv2(h)), 1)
    return cnn.fc2(torch.sigmoid(cnn.fc1(h)))


write("cnn", cnn, torch.randn(4, 2, 8, 8), cnn_scores)
mlp = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Dropout(0.3), nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 1))
write("mlp", mlp, torch.randn(5, 6), lambda x: mlp(x))
odd = nn.Sequential(nn.Linear(6, 5), nn.ELU(), nn.Linear(5, 2))
write("elu", odd, torch.randn(2, 6), lambda x: odd(x))
