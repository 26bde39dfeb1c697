"""Training steps per second beside PyTorch's, and the memory of a whole training run.

python -m tests.benchmarks.training_speed [--data FOLDER] [--rounds 5] [--torch PYTHON]

PyTorch (2.13, CPU) is needed for the comparison and for nothing else; it may live in another
environment, and without it only our own speed is printed. Both sides train the same network on
batches of 64, in turns, each in a process of its own with two threads. A round lasts seconds,
and the best round of each side counts: other work on the machine can only make it slower.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

BATCH, THREADS = 64, 2
SECONDS = 3.0
Layers = Sequence[Mapping[str, object]]
CONV_A: Layers = [
    {"type": "conv", "channels": 32, "kernel": 5, "padding": "same"},
    {"type": "relu"},
    {"type": "max_pool"},
    {"type": "conv", "channels": 64, "kernel": 5, "padding": "same"},
    {"type": "relu"},
    {"type": "max_pool"},
    {"type": "dense", "units": 1024},
    {"type": "relu"},
    {"type": "dense", "units": 10},
]
CONV_B: Layers = [
    *(
        layer
        for channels in (16, 32, 64)
        for layer in (
            {"type": "conv", "channels": channels, "kernel": 3, "padding": "same"},
            {"type": "relu"},
            {"type": "max_pool"},
        )
    ),
    {"type": "dense", "units": 10},
]
LENET: Layers = [
    {"type": "conv", "channels": 6, "kernel": 5, "padding": "same"},
    {"type": "relu"},
    {"type": "max_pool"},
    {"type": "conv", "channels": 16, "kernel": 5, "padding": "valid"},
    {"type": "relu"},
    {"type": "max_pool"},
    {"type": "dense", "units": 120},
    {"type": "relu"},
    {"type": "dense", "units": 84},
    {"type": "relu"},
    {"type": "dense", "units": 10},
]
NETWORKS: dict[str, Layers] = {
    "a: 5x5x32, 5x5x64, 1024": CONV_A,
    "b: 3x3x16, 3x3x32, 3x3x64": CONV_B,
    "c: LeNet-5": LENET,
}
SIDES = ("inkread", "torch")


def ours(layers: Layers, optimiser: str) -> Callable[[int], float]:
    """A function that does one training step and returns the loss."""
    from inkread.ml.architecture.description import Architecture
    from inkread.ml.gradients.blocked import block_size
    from inkread.ml.graph.forward import read_forward
    from inkread.ml.training.graph import build
    from inkread.ml.training.losses import SoftmaxCrossEntropy
    from inkread.ml.training.optimisers import Adam, Optimiser, Sgd
    from inkread.ml.training.recipe import Recipe
    from inkread.ml.training.session import TrainingSession

    network = Architecture("speed", "", "", 28, 28, "he", _described(layers), Recipe()).model(10)
    kinds: dict[str, Optimiser] = {"sgd": Sgd(momentum=0.9), "adam": Adam()}
    graph = build(
        read_forward(network), SoftmaxCrossEntropy(), kinds[optimiser], block=block_size()
    )
    session = TrainingSession(graph, BATCH, THREADS)
    pictures, labels = _samples()

    def step(number: int) -> float:
        batch = session.batches[number % 2]
        start = number * BATCH % len(labels)
        batch.pictures[...] = pictures[start : start + BATCH]
        batch.labels[...] = labels[start : start + BATCH]
        return session.step(0.001).loss

    return step


def _described(layers: Layers) -> tuple[dict[str, object], ...]:
    return tuple(dict(layer) for layer in layers)


def torchs(layers: Layers, optimiser: str) -> Callable[[int], float]:
    """The same in PyTorch, as its tutorials write it."""
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(THREADS)
    network = _torch_network(torch, layers)
    kind = {
        "sgd": lambda p: torch.optim.SGD(p, 0.001, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, 0.001),
    }[optimiser](network.parameters())
    loss_of = torch.nn.CrossEntropyLoss()
    pictures, labels = (torch.from_numpy(array) for array in _samples())

    def step(number: int) -> float:
        start = number * BATCH % len(labels)
        kind.zero_grad()
        loss = loss_of(network(pictures[start : start + BATCH]), labels[start : start + BATCH])
        loss.backward()
        kind.step()
        return float(loss.item())

    return step


def _torch_network(torch: Any, layers: Layers) -> Any:
    nn, modules = torch.nn, []
    shape: tuple[int, ...] = (1, 28, 28)
    for layer in layers:
        match layer:
            case {"type": "conv", "channels": int(c), "kernel": int(k), "padding": str(how)}:
                pad = k // 2 if how == "same" else 0
                modules.append(nn.Conv2d(shape[0], c, k, padding=pad))
                shape = (c, *(side + 2 * pad - k + 1 for side in shape[1:]))
            case {"type": "relu"}:
                modules.append(nn.ReLU())
            case {"type": "max_pool"}:
                modules.append(nn.MaxPool2d(2))
                shape = (shape[0], *(side // 2 for side in shape[1:]))
            case {"type": "dense", "units": int(units)}:
                if len(shape) == 3:
                    modules.append(nn.Flatten())
                modules.append(nn.Linear(int(np.prod(shape)), units))
                shape = (units,)
    return nn.Sequential(*modules)


def _samples() -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    count = 20 * BATCH
    return rng.random((count, 1, 28, 28), dtype=np.float32), rng.integers(0, 10, count)


def measure(side: str, network: str, optimiser: str) -> float:
    """Milliseconds of a step in this process: the mean over the run's fastest tenth of a second.

    Means over tenths of a second leave out only what other processes did meanwhile.
    """
    step = {"inkread": ours, "torch": torchs}[side](NETWORKS[network], optimiser)
    number = 0
    for number in range(10):
        step(number)
    best, started = float("inf"), time.perf_counter()
    while time.perf_counter() - started < SECONDS:
        before, first = time.perf_counter(), number
        while time.perf_counter() - before < 0.1:
            number += 1
            step(number)
        best = min(best, (time.perf_counter() - before) / (number - first))
    return 1000 * best


def peak_memory(data: Path) -> float:
    """Megabytes that training network a on 60,000 digits takes, in this process, all in all."""
    from inkread.ml.architecture.description import Architecture
    from inkread.ml.datasets.dataset import Dataset
    from inkread.ml.training.recipe import Recipe
    from inkread.ml.training.trainer import Trainer

    with np.load(data / "mnist.npz") as arrays:
        digits = Dataset(arrays["x_train"], arrays["y_train"].astype(np.int64), tuple("0123456789"))
    recipe = Recipe(epochs=1, batch=BATCH)
    network = Architecture("memory", "", "", 28, 28, "he", _described(CONV_A), recipe).model(10)
    run = Trainer(network, digits, None, recipe, threads=THREADS).run()
    for _ in run:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _in_a_process(python: str, *arguments: str) -> float:
    command = [python, "-m", "tests.benchmarks.training_speed", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def compare(optimiser: str, rounds: int, torch_python: str) -> None:
    """Print a table of images per second."""
    pythons = {"inkread": sys.executable, "torch": torch_python}
    has_torch = not subprocess.run(
        [torch_python, "-c", "import torch"], capture_output=True, check=False
    ).returncode
    sides = SIDES if has_torch else SIDES[:1]
    for network in NETWORKS:
        times: dict[str, list[float]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side in sides:
                times[side].append(
                    _in_a_process(pythons[side], "--measure", side, network, optimiser)
                )
        speeds = {side: 1000 * BATCH / min(times[side]) for side in sides}
        line = "   ".join(f"{side} {speed:6.0f} images/s" for side, speed in speeds.items())
        ratio = f"   ratio {speeds['inkread'] / speeds['torch']:.2f}" if has_torch else ""
        print(f"{network:28s} {optimiser:5s} {line}{ratio}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--optimiser", choices=("sgd", "adam"), default="sgd")
    parser.add_argument("--torch", default=sys.executable, help="Python that has PyTorch")
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--memory", action="store_true", help="only the memory of a training run")
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(*arguments.measure)))
    elif arguments.memory:
        print(json.dumps(peak_memory(arguments.data)))
    else:
        compare(arguments.optimiser, arguments.rounds, arguments.torch)
        if (arguments.data / "mnist.npz").exists():
            memory = _in_a_process(sys.executable, "--memory", "--data", str(arguments.data))
            print(f"training a on 60,000 digits takes {memory:.0f} MB at most")


if __name__ == "__main__":
    main()
