"""How an opponent takes its turns: one repetition for each line of standard input, answers as lines of JSON."""
import json
import re
import sys
import time


def say(**members):
    print(json.dumps(members), flush=True)


def peak_bytes():
    """The largest resident memory of this process, as the system keeps it."""
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\s*(\d+) kB", status.read()).group(1)) * 1024


def reset_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


def take_turns(work, summary, warm_up=True):
    """Times `work`; it may return its own seconds. `summary` gives what to say at the end."""
    reset_peak()
    if warm_up:
        work()
    say(ready=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        own = work()
        say(seconds=time.perf_counter() - start if own is None else own)
    say(peak_bytes=peak_bytes(), **summary())
