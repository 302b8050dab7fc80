"""Makes backbone.onnx (32 x 32 pixels) and any-size.onnx, two small frozen networks of random weights for the tests: python3 backbones.py (PyTorch 1.13)."""
import torch

torch.manual_seed(1)
net = torch.nn.Sequential(
    torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
    torch.nn.Conv2d(8, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()).eval()
names = {"input_names": ["input"], "output_names": ["features"], "opset_version": 13}
torch.onnx.export(net, torch.zeros(1, 3, 32, 32), "backbone.onnx", **names)
torch.onnx.export(net, torch.zeros(1, 3, 32, 32), "any-size.onnx", dynamic_axes={"input": {0: "n", 2: "height", 3: "width"}, "features": {0: "n"}}, **names)
