"""usage: onnx_forward.py FILE IMAGES BATCH THREADS VALUES"""
import sys

import onnxruntime
from safetensors.numpy import load_file

from turn import take_turns

file, images, batch, threads, values = sys.argv[1:]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(threads)
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
x = load_file(images)["images"][:int(batch)].copy()
features = None


def work():
    global features
    features, = session.run(None, {"images": x})


def summary():
    features.tofile(values)
    return {}


take_turns(work, summary)
