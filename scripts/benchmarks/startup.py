"""How long amp takes before anything is done."""
import os
import pty
import select
import shutil
import statistics
import subprocess
import time

import machine
from document import Goals, heading, prose, table

CELLS = 10_000


def run(setting):
    before = machine.load()
    repeats = 10 if setting.quick else 30
    folder = setting.path("startup")
    os.makedirs(folder, exist_ok=True)
    model, session = setting.model("b"), long_session(setting, folder)
    size = os.path.getsize(os.path.join(model, "model.safetensors")) / 1e6
    new = os.path.join(folder, "new.ampdb")
    subprocess.run([setting.amp, "-c", f'load "{model}"'], stdout=subprocess.DEVNULL, check=True)  # into the page cache
    cases = [
        ("a process that does nothing (`true`)", lambda: command(["true"]), None),
        ("`amp --version`", lambda: command([setting.amp, "--version"]), 30),
        ("the first prompt, new session", lambda: prompt(setting.amp, new, "[1] ", fresh=True), 100),
        (f"`load` of {size:.0f} MB, whole process", lambda: command([setting.amp, "-c", f'load "{model}"']), 200),
        (f"the first prompt, session of {CELLS:,} cells", lambda: prompt(setting.amp, session, f"[{CELLS + 1}] "), 300),
    ]
    rows, goals = [], Goals()
    for name, measure, wanted in cases:
        measure()
        times = [measure() * 1000 for _ in range(repeats)]
        median = statistics.median(times)
        rows.append([name, f"{median:.1f}", f"{min(times):.1f}–{max(times):.1f}"])
        print("  " + " · ".join(rows[-1]), flush=True)
        if wanted:
            goals.add(name, f"{median:.1f} ms", f"< {wanted} ms", median < wanted)
    return "\n".join([
        heading("Start-up", "scripts/bench startup", before),
        prose("Milliseconds from the start of the process to its end, or to the prompt on a pseudo-terminal:",
              f"medians of {repeats}, files in the system's cache."),
        table(["", "median", "from–to"], rows), "", str(goals)])


def command(arguments):
    start = time.perf_counter()
    subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def prompt(amp, session, wanted, fresh=False):
    """Seconds until the prompt is on the screen of a pseudo-terminal."""
    if fresh and os.path.exists(session):
        os.remove(session)
    wanted = wanted.strip().encode()
    start = time.perf_counter()
    child, screen = pty.fork()
    if child == 0:
        os.environ.update(TERM="dumb", HOME=os.path.dirname(session))
        os.execv(amp, [amp, session])
    seen = b""
    while wanted not in seen:
        ready, _, _ = select.select([screen], [], [], 20)
        if not ready:
            raise SystemExit(f"bench: no prompt; amp said {seen[-300:]!r}")
        seen += os.read(screen, 4096)
    elapsed = time.perf_counter() - start
    os.write(screen, b"\x04")
    try:
        while os.read(screen, 4096):
            pass
    except OSError:
        pass
    os.close(screen)
    os.waitpid(child, 0)
    return elapsed


def long_session(setting, folder):
    """A session of many cells, every second of which changed something."""
    session = os.path.join(folder, f"cells-{CELLS}.ampdb")
    if os.path.exists(session):
        return session
    print(f"  making a session of {CELLS:,} cells", flush=True)
    unfinished = session + ".part"
    if os.path.exists(unfinished):
        os.remove(unfinished)
    sentences = "".join(f"let x = {cell}\n" if cell % 2 else "show models\n" for cell in range(CELLS))
    subprocess.run([setting.amp, unfinished], input=sentences, text=True, stdout=subprocess.DEVNULL, check=True)
    shutil.move(unfinished, session)
    return session
