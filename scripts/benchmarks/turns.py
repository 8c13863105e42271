"""Programs that are timed in turn: each does one repetition when it is told to, while the others wait."""
import array
import json
import statistics
import subprocess


class Failed(Exception):
    """A program that ended before it had answered."""


class Worker:
    """A running program that speaks lines of JSON."""

    def __init__(self, name, command, **options):
        self.name, self.times = name, []
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.name} ended: {self.process.stderr.read().strip()[-500:]}")
        return json.loads(line)

    def turn(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.times.append(self.hear()["seconds"])

    def finish(self):
        """What the program says at its end."""
        self.process.stdin.close()
        said = self.hear()
        self.process.wait()
        return said


def in_turn(workers, rounds):
    """Runs all workers `rounds` times, one after another; gives what each says at the end, by name.

    A worker's own `rounds` may be fewer; then it sits out the last ones.
    """
    try:
        for worker in workers:
            worker.hear()
        for round in range(rounds):
            for worker in workers:
                if round < getattr(worker, "rounds", rounds):
                    worker.turn()
        return {worker.name: {**worker.finish(), "seconds": worker.times} for worker in workers}
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.wait()


class Ratio:
    """How many times faster one side is, round by round."""

    def __init__(self, slow, fast):
        self.values = [a / b for a, b in zip(slow, fast)]

    @property
    def median(self):
        return statistics.median(self.values)

    def __str__(self):
        return f"{self.median:.2f} ({min(self.values):.2f}–{max(self.values):.2f})"


def read_floats(path):
    values = array.array("f")
    with open(path, "rb") as file:
        values.frombytes(file.read())
    return values


def difference(a, b):
    """The largest difference of two files of floats, as a share of the largest value."""
    a, b = read_floats(a), read_floats(b)
    if len(a) != len(b):
        raise Failed(f"one side gave {len(a)} values, the other {len(b)}")
    return max(abs(x - y) for x, y in zip(a, b)) / max(abs(x) for x in a)
