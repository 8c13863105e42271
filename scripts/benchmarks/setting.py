"""Where things are, and how much is to be measured."""
import json
import os
import subprocess

import environment
import machine


class Setting:
    def __init__(self, amp, bench, cache, quick, emulated=False):
        self.amp, self.bench, self.cache, self.quick = amp, bench, cache, quick
        self.emulated = emulated
        self.threads = machine.threads()
        self.rounds = 3 if quick else 5
        self._python = False
        os.makedirs(cache, exist_ok=True)

    @property
    def python(self):
        """The opponents' Python, made when it is first asked for; None where there can be none."""
        if self._python is False:
            self._python = environment.find(self.cache)
        return self._python

    @property
    def precisions(self):
        """bfloat16 only where the processor has instructions for it or it was asked for, and a library is installed."""
        if not (self.emulated or machine.multiplies_bfloat16()):
            return ["float32"]
        command = [self.amp, "-c", "set precision bfloat16"]
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return ["float32"] + (["bfloat16"] if subprocess.run(command, **silent).returncode == 0 else [])

    @property
    def about_bfloat16(self):
        """What a document says of it."""
        if "bfloat16" not in self.precisions:
            why = "no library for it is installed" if self.emulated or machine.multiplies_bfloat16() else \
                "this processor has no instructions for it"
            return f"No rows in bfloat16: {why}."
        return "Rows in bfloat16 (`set precision bfloat16`) are against PyTorch's `.to(torch.bfloat16)`" + (
            "." if machine.multiplies_bfloat16() else
            "; this processor has no instructions for it, so both sides make do with others.")

    def path(self, *parts):
        return os.path.join(self.cache, *parts)

    def model(self, size, depth=None, deviation=None):
        """A folder with a model of random weights."""
        name = "-".join(["vit", size] + [str(part) for part in (depth, deviation) if part])
        folder = self.path("models", name)
        if not os.path.exists(os.path.join(folder, "config.json")):
            options = [f"--{key}={value}" for key, value in [("depth", depth), ("deviation", deviation)] if value]
            subprocess.run([self.bench, "make", size, folder, *options], check=True)
        return folder

    def images(self, count=64):
        file = self.path(f"images-{count}.safetensors")
        if not os.path.exists(file):
            subprocess.run([self.bench, "images", str(count), file], check=True)
        return file

    def values(self, name):
        os.makedirs(self.path("values"), exist_ok=True)
        return self.path("values", name)

    def amp_lines(self, *arguments, **options):
        """What `amp-bench` says, line by line."""
        process = subprocess.Popen([self.bench, *map(str, arguments)], stdout=subprocess.PIPE, text=True, **options)
        for line in process.stdout:
            yield json.loads(line)
        process.wait()

    def opponent(self, script, python=None):
        """The command that starts an opponent."""
        return [python or self.python, os.path.join(os.path.dirname(os.path.abspath(__file__)), "opponents", script)]


TITLES = {"ti": "ViT-Ti/16", "s": "ViT-S/16", "b": "ViT-B/16", "l": "ViT-L/16"}


def bytes_text(count):
    return f"{count / 1e6:,.0f} MB"
