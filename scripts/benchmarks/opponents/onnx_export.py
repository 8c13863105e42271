"""usage: onnx_export.py MODEL FILE

Writes the model as ONNX, for batches of any size.
"""
import sys

import torch

from vit import load_model, timm

timm.layers.set_fused_attn(False)
folder, file = sys.argv[1:]
torch.onnx.export(
    load_model(folder), torch.zeros(2, 3, 224, 224), file, dynamo=False, opset_version=17,
    input_names=["images"], output_names=["features"], dynamic_axes={"images": {0: "n"}, "features": {0: "n"}})
