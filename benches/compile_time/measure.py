#!/usr/bin/env python3
"""What calls cost to compile: declared with pynector, beside the same calls over reqwest written by hand and with peers.

    compile_time/measure.py [--calls N].. [--rounds N] [--write] [check] [touch] [build] [release] [cold]

It measures the CPU time that rustc itself takes for the one crate with the calls, with all dependencies built before; each
round compiles every crate once, so that a busy machine is busy for all of them, and each ratio is the median of those of
the rounds, of which `touch` has eight times as many. `cold` builds pynector with all it depends on from nothing, and reqwest
alone. `--write` keeps the results in `docs/performance.json`, those of a mode as soon as they are there.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import signal
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = ROOT.parent / "docs" / "performance.json"
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
SOURCES = ROOT / "target" / "compile_time"
REPORT = "COMPILE_TIME_REPORT"
# `touch` is a check of a source that was not changed, with what incremental compilation has kept of the last one.
MODES = {"check": ["check"], "touch": ["check"], "build": ["build"], "release": ["build", "--release"]}
# Such a check takes a second or less, so that what disturbs one of them is a large part of it.
MORE_ROUNDS = {"touch": 8}
# Nobody ships debug information or symbols; the disk is small.
PROFILES = {"CARGO_INCREMENTAL": "0", "CARGO_PROFILE_DEV_DEBUG": "0", "CARGO_PROFILE_RELEASE_STRIP": "symbols"}
# Seconds that one cold build and one compilation may take: more than ten times what they do take on two busy cores.
COLD_BUILD = 1800
ONE_CRATE = 600
CONTESTANTS = {
    "by_macro": "pynector over reqwest",
    "by_macro_lean": "pynector over hyper",
    "by_macro_traits": "pynector over reqwest, traits of 25",
    "by_hand": "reqwest",
    "by_helper": "reqwest, with a helper",
    "by_feignhttp": "feignhttp",
    "by_rustify": "rustify",
    "by_progenitor": "progenitor",
}


def cpu_time(command, limit, **options):
    """Runs a command for so many seconds at most, and gives the CPU time of all that it starts, in seconds."""
    before = spent()
    # A group of its own: what it started ends with it.
    with subprocess.Popen(command, process_group=0, **options) as child:
        try:
            code = child.wait(limit)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)
            raise
    if code != 0:
        raise subprocess.CalledProcessError(code, command)
    return spent() - before


def spent():
    """The CPU time of all that ended. Which part of it is the user's the kernel guesses; the sum it knows (record 0227)."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rustc():
    """Stands between cargo and rustc, and reports how rustc is called for a crate of this workspace."""
    command = sys.argv[1:]
    if "--crate-name" in command:
        name = command[command.index("--crate-name") + 1]
        with open(os.environ[REPORT], "a") as report:
            report.write(json.dumps({"crate": name, "command": command, "env": dict(os.environ)}) + "\n")
    # The jobserver of cargo is among the open files.
    return subprocess.run(command, close_fds=False).returncode


class Compiler:
    """Compiles one crate alone, again and again, as cargo does in a mode."""

    def __init__(self, name, mode):
        (SOURCES / f"{name}.rs").touch()
        report = SOURCES / "report"
        report.write_text("")
        wrapper = {"CARGO_TARGET_DIR": str(TARGET), "RUSTC_WORKSPACE_WRAPPER": str(HERE / "measure.py"), REPORT: str(report)}
        command = ["cargo", *MODES[mode], "--quiet", "--locked", "--package", name]
        subprocess.run(command, cwd=ROOT, env=os.environ | PROFILES | wrapper, check=True)
        lines = [json.loads(line) for line in report.read_text().splitlines()]
        (line,) = [line for line in lines if line["crate"] == name]
        self.name, self.command = name, line["command"]
        # There is no jobserver behind cargo.
        gone = ("CARGO_MAKEFLAGS", "MAKEFLAGS", "MFLAGS")
        self.env = {key: value for key, value in line["env"].items() if key not in gone}
        if mode == "touch":
            self.command.append(f"-Cincremental={TARGET / 'compile_time' / name}")
            self.seconds()

    def seconds(self):
        quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
        return cpu_time(self.command, cwd=ROOT, env=self.env, limit=ONE_CRATE, **quiet)

    def expanded_lines(self):
        """How many lines the compiler makes of the crate."""
        command = [part for part in self.command if not part.startswith(("--error-format", "--json"))]
        env = self.env | {"RUSTC_BOOTSTRAP": "1"}
        output = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        text = subprocess.run([*command, "-Zunpretty=expanded"], cwd=ROOT, env=env, check=True, **output).stdout
        return text.count(b"\n")

    def program_bytes(self):
        """The size of the program that was made."""
        folder = pathlib.Path(self.command[self.command.index("--out-dir") + 1])
        (suffix,) = [part.removeprefix("extra-filename=") for part in self.command if part.startswith("extra-filename=")]
        return (folder / f"{self.name}{suffix}").stat().st_size


def measure(mode, calls, rounds):
    """One table, and what is kept of it: for each contestant the values of one mode."""
    rounds *= MORE_ROUNDS.get(mode, 1)
    compilers = {name: Compiler(name, mode) for name in ["types", *CONTESTANTS]}
    times = {name: [] for name in compilers}
    for _ in range(rounds):
        for name, compiler in compilers.items():
            times[name].append(compiler.seconds())
    # Of a program; what is built for debugging is nothing that anybody ships.
    sizes = {name: compiler.program_bytes() for name, compiler in compilers.items()} if mode == "release" else {}
    print(f"\n{mode}, {calls} calls, {rounds} rounds")
    print("                    median       min       max   / reqwest   without types      bytes   / reqwest")
    kept = {}
    for name, seconds in times.items():
        median, ratio = statistics.median(seconds), paired(seconds, times["by_hand"])
        line = f"  {name:<16}{median:8.3f}  {min(seconds):8.3f}  {max(seconds):8.3f}   {ratio:9.3f}"
        if name in CONTESTANTS:
            rest = paired(*(less(times[one], times["types"]) for one in (name, "by_hand")))
            kept[name] = values(mode, median, ratio, sizes.get(name), sizes.get("by_hand"))
            line += f"   {rest:13.3f}"
        if sizes and name in CONTESTANTS:
            line += f"  {sizes[name]:9}   {sizes[name] / sizes['by_hand']:9.3f}"
        print(line, flush=True)
    if mode == "check":
        print_lines(compilers)
    return kept


def values(mode, median, ratio, size, size_of_reqwest):
    """What is kept of one contestant."""
    named = {"check": "check", "touch": "touch_check", "release": "release"}
    if mode not in named:
        return {}
    kept = {f"{named[mode]}_s": round(median, 3), f"{mode}_vs_reqwest": round(ratio, 3)}
    if size is not None:
        kept |= {"stripped_bytes": size, "size_vs_reqwest": round(size / size_of_reqwest, 3)}
    return kept


def paired(some, others):
    return statistics.median(one / other for one, other in zip(some, others))


def less(some, others):
    return [one - other for one, other in zip(some, others)]


def print_lines(compilers):
    print("\nlines               written  expanded")
    for name, compiler in compilers.items():
        written = len((SOURCES / f"{name}.rs").read_text().splitlines())
        print(f"  {name:<16}{written:9}{compiler.expanded_lines():10}", flush=True)


def cold(rounds):
    """pynector and all it depends on built from nothing, and reqwest alone; CPU time of everything that is run for it."""
    folder = TARGET / "compile_time" / "cold"
    times = {"by_macro": [], "by_hand": []}
    for name in times:
        (SOURCES / f"{name}.rs").write_text("fn main() {}\n")
    for _ in range(rounds):
        for name, seconds in times.items():
            # What cargo says is shown, so that one sees how far it is; with one that hangs the measurement ends.
            command = ["cargo", "build", "--locked", "--package", name]
            env = os.environ | PROFILES | {"CARGO_TARGET_DIR": str(folder)}
            print(f"cold build of {name}, at most {COLD_BUILD // 60} minutes", flush=True)
            try:
                seconds.append(cpu_time(command, cwd=ROOT, env=env, limit=COLD_BUILD))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    pynector, reqwest = (round(statistics.median(seconds), 1) for seconds in times.values())
    print(f"\ncold build, median of {rounds}: pynector {pynector} s, reqwest alone {reqwest} s: {pynector / reqwest:.3f}")
    return {"pynector_s": pynector, "reqwest_s": reqwest, "rounds": rounds}


def keep(rows, cold_build=None):
    """Puts what was measured now in the place of what was measured before; all else stays."""
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept = {(row["endpoints"], row["contestant"]): row for row in results.get("compile", [])}
    for (calls, name), found in rows.items():
        key = (calls, CONTESTANTS[name])
        kept[key] = kept.get(key, {"endpoints": calls, "contestant": key[1]}) | found
    if rows:
        turn = list(CONTESTANTS.values()).index
        results["compile"] = sorted(kept.values(), key=lambda row: (row["endpoints"], turn(row["contestant"])))
    if cold_build:
        results["cold_build"] = cold_build
    RESULTS.write_text(written(results))


def written(results):
    """The results with a row of each list on a line of its own, as the other programs write them."""

    def line(value):
        return json.dumps(value, separators=(",", ":"), sort_keys=True)

    def value(value):
        rows = ",\n".join(f"    {line(row)}" for row in value) if isinstance(value, list) else ""
        return f"[\n{rows}\n  ]" if rows else line(value)

    return "{\n" + ",\n".join(f"  {json.dumps(key)}: {value(results[key])}" for key in sorted(results)) + "\n}\n"


def main():
    sys.path.insert(0, str(HERE))
    import generate

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, nargs="+", default=[100])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("modes", nargs="*", default=["check", "touch", "release"])
    arguments = parser.parse_args()

    print("seconds of CPU of rustc for a crate alone")
    for calls in arguments.calls:
        generate.write(SOURCES, calls)
        for mode in arguments.modes:
            if mode == "cold":
                continue
            rows = {(calls, name): found for name, found in measure(mode, calls, arguments.rounds).items()}
            if arguments.write:
                keep(rows)
    if "cold" in arguments.modes:
        cold_build = cold(arguments.rounds)
        if arguments.write:
            keep({}, cold_build)


if __name__ == "__main__":
    sys.exit(rustc() if REPORT in os.environ else main())
