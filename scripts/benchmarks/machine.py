"""What the figures depend on: processor, caches, versions, load."""
import datetime
import os
import platform
import re
import subprocess


def facts():
    """Pairs of a name and a value, for the head of the document."""
    found = [("date", datetime.date.today().isoformat()), ("processor", processor())]
    caches = [f"{name} {size}" for name, size in cache_sizes()]
    if caches:
        found.append(("caches", ", ".join(caches)))
    found += [("memory", memory()), ("system", f"{platform.system()} {platform.release().split('-')[0]}"),
              ("Swift", swift()), ("amp", revision())]
    return [(name, value) for name, value in found if value]


def cpuinfo(name):
    with open("/proc/cpuinfo") as file:
        found = re.search(rf"^{name}\s*: (.*)$", file.read(), re.MULTILINE)
    return found.group(1) if found else None


def processor():
    flags = set((cpuinfo("flags") or "").split())
    names = {"avx2": "AVX2", "avx512f": "AVX-512", "avx512_bf16": "AVX512-BF16", "amx_tile": "AMX"}
    sets = [name for flag, name in names.items() if flag in flags]
    model = f"family {cpuinfo('cpu family')}, model {cpuinfo('model')}"
    return f"{cpuinfo('model name') or platform.machine()} ({model}), {threads()} cores in use; {', '.join(sets)}"


def multiplies_bfloat16():
    """Whether the processor has instructions for it."""
    flags = set((cpuinfo("flags") or cpuinfo("Features") or "").split())
    return bool(flags & {"avx512_bf16", "amx_bf16", "bf16", "svebf16"})


def threads():
    return len(os.sched_getaffinity(0))


def cache_sizes():
    """Of the first core: level and size."""
    folder = "/sys/devices/system/cpu/cpu0/cache"
    found = []
    for index in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        def read(name):
            with open(os.path.join(folder, index, name)) as file:
                return file.read().strip()
        if index.startswith("index") and read("type") != "Instruction":
            found.append((f"L{read('level')}", read("size").replace("K", " KiB")))
    return found


def memory():
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def said_by(*command, **options):
    """What a program writes; nothing where there is no such program."""
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options).stdout
    except OSError:
        return ""


def swift():
    found = re.search(r"Swift version (\S+)", said_by("swift", "--version"))
    return found.group(1) if found else None


def revision():
    commit = said_by("git", "rev-parse", "--short", "HEAD").strip()
    changed = " with changes" if said_by("git", "status", "--porcelain", "Sources").strip() else ""
    return commit + changed if commit else None


def load():
    return "%.2f" % os.getloadavg()[0]
