#!/usr/bin/env python3
"""What a hundred calls cost to compile: declared with pynector, beside the same calls over reqwest written by hand.

    compile_time/measure.py [--rounds N] [check] [build] [release]

It measures the user time that rustc itself takes for the one crate with the calls, without incremental compilation and
with all dependencies built before; each round compiles every crate once, so that a busy machine is busy for all of them.
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
TARGET = ROOT / "target"
SOURCES = TARGET / "compile_time"
REPORT = "COMPILE_TIME_REPORT"
MODES = {"check": ["check"], "build": ["build"], "release": ["build", "--release"]}


def rustc():
    """Stands between cargo and rustc, and reports what rustc took for a crate of this workspace."""
    command = sys.argv[1:]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    # The jobserver of cargo is among the open files.
    code = subprocess.run(command, close_fds=False).returncode
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    if code == 0 and "--crate-name" in command:
        name = command[command.index("--crate-name") + 1]
        with open(os.environ[REPORT], "a") as report:
            report.write(json.dumps({"crate": name, "seconds": seconds, "command": command}) + "\n")
    return code


def compile_crate(name, mode):
    """What rustc took for the crate, in seconds, and its command."""
    (SOURCES / f"{name}.rs").touch()
    report = SOURCES / "report"
    report.write_text("")
    env = dict(os.environ, CARGO_TARGET_DIR=str(TARGET), CARGO_INCREMENTAL="0", RUSTC_WORKSPACE_WRAPPER=str(HERE / "measure.py"))
    env[REPORT] = str(report)
    command = ["cargo", *MODES[mode], "--quiet", "--locked", "--package", name]
    subprocess.run(command, cwd=ROOT, env=env, check=True)
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    (line,) = [line for line in lines if line["crate"] == name]
    return line["seconds"], line["command"]


def expanded_lines(command):
    """How many lines the compiler makes of a crate."""
    command = [part for part in command if not part.startswith("--error-format") and not part.startswith("--json")]
    env = dict(os.environ, RUSTC_BOOTSTRAP="1", CARGO_MANIFEST_DIR=str(HERE))
    command += ["-Zunpretty=expanded"]
    text = subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return text.count(b"\n")


def main():
    sys.path.insert(0, str(HERE))
    import generate

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("modes", nargs="*", default=list(MODES))
    arguments = parser.parse_args()

    programs = generate.programs()
    SOURCES.mkdir(parents=True, exist_ok=True)
    for name, text in programs.items():
        (SOURCES / f"{name}.rs").write_text(text)

    print("a crate of 100 calls; user seconds of rustc for it alone, median of", arguments.rounds, "rounds")
    for mode in arguments.modes:
        # The first time the dependencies are built too.
        commands = {name: compile_crate(name, mode)[1] for name in programs}
        times = {name: [] for name in programs}
        for _ in range(arguments.rounds):
            for name in programs:
                times[name].append(compile_crate(name, mode)[0])
        print_times(mode, {name: statistics.median(seconds) for name, seconds in times.items()}, times)
        if mode == "check":
            print("\nlines          written  expanded")
            for name, text in programs.items():
                print(f"  {name:<12}{len(text.splitlines()):8}{expanded_lines(commands[name]):10}")


def print_times(mode, medians, times):
    print(f"\n{mode:<14}  median       min       max   by_macro / it, and without the types")
    macro, types = medians["by_macro"], medians["types"]
    for name, median in medians.items():
        line = f"  {name:<12}{median:8.3f}  {min(times[name]):8.3f}  {max(times[name]):8.3f}"
        if name not in ("types", "by_macro"):
            line += f"   {macro / median:8.2f}  {(macro - types) / (median - types):8.2f}"
        print(line)


if __name__ == "__main__":
    sys.exit(rustc() if REPORT in os.environ else main())
