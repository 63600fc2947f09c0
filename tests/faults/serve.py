"""serve.py: a server is sent a change of three tables while its disk fills up, breaks, or it is killed (break_at.c), at
each call in turn by which the change gets to the disk; of a folder, and of a book.

Whatever happens: the case is all old or all new, as is the log; an answer of 200 means new, an error means old and is
in the form of RFC 9457 (but for one that says that the disk did not confirm what was written: then it may be either);
the server goes on, and with room again the same change is made; and who opens the case next finds it whole.
"""
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT, PROGRAM, BREAKER = os.environ["root"], os.environ["MAINSTAY"], os.environ["BREAKER"]
sys.path.insert(0, os.path.join(ROOT, "clients", "python"))
sys.dont_write_bytecode = True
from mainstay import Mainstay, Problem  # noqa: E402

CHANGES = [{"table": "stocks.csv", "row": 0, "cells": {"quantity": "1234"}},
           {"table": "sites.csv", "row": 0, "cells": {"name": "Renamed"}},
           {"table": "lanes.csv", "row": 0, "cells": {"capacity_t_per_day": "77"}}]
TABLES = [change["table"] for change in CHANGES]
LOST = (ConnectionError, http.client.HTTPException)


class Server:
    """mainstay serve PLACE in this environment; .api is None when it does not start."""

    def __init__(self, place, **environment):
        self.process = subprocess.Popen([PROGRAM, "serve", place, "--quiet", "--threads", "1"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environment})
        link = self.process.stdout.readline().strip()
        self.api = Mainstay(link) if link else None

    def __enter__(self):
        return self

    def __exit__(self, *what):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()


def change(server):
    return server.api.change(generation=server.api.about()["generation"], changes=CHANGES)


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def state_of(place):
    """What the tables say, and how many changes the log has, as the next one who opens the place finds them."""
    with Server(place) as server:
        if not server.api:
            raise AssertionError("the next server does not start")
        tables = {table: list(server.api.table(table)) for table in TABLES}
    if place == "us.book":
        verified = run("book", "verify", place)
        if verified.returncode != 0:
            raise AssertionError(f"verify: {verified.stdout}")
        log = run("book", "log", place, "--kind", "by", "--json")
        return tables, log.stdout.count('"kind": "by"')
    checked = run("check", place)
    if checked.returncode != 0:
        raise AssertionError(f"check: {checked.stdout}")
    try:
        with open(os.path.join(place, "changes.log"), encoding="utf-8") as file:
            return tables, len([json.loads(line) for line in file])
    except FileNotFoundError:
        return tables, 0


def refresh(place):
    for name in os.listdir("."):
        if name.startswith(place):
            shutil.rmtree(name) if os.path.isdir(name) else os.unlink(name)
    for name in os.listdir("pristine"):
        if name.startswith(place):
            source = os.path.join("pristine", name)
            shutil.copytree(source, name) if os.path.isdir(source) else shutil.copy2(source, name)
    if os.path.exists("mended"):
        os.unlink("mended")


def calls(place, and_change):
    with Server(place, LD_PRELOAD=BREAKER, BREAK_COUNT="count") as server:
        if and_change:
            change(server)
    with open("count", encoding="ascii") as file:
        return int(file.read())


def attempt(place, how, call, old, new):
    """One break. Raises AssertionError, or returns whether the change was refused."""
    answer = None
    refresh(place)
    with Server(place, LD_PRELOAD=BREAKER, BREAK_AT=str(call), BREAK_HOW=how, BREAK_MEND="mended") as server:
        if not server.api:
            raise AssertionError("it does not start")
        try:
            answer = change(server)
        except Problem as problem:
            answer = problem
        except LOST:
            if how != "kill":
                raise AssertionError("the line was cut") from None
        if how != "kill":
            check_answer(answer)
            if server.api.about()["case"] != "tiny":
                raise AssertionError("it does not go on")
        server.kill()
    state = state_of(place)
    if state not in (old, new):
        raise AssertionError(f"neither old nor new: {state}")
    if isinstance(answer, Problem) and state != old and "did not confirm" not in answer.detail:
        raise AssertionError(f"refused ({answer}), and yet it is new")
    if isinstance(answer, dict) and answer["done"] and state != new:
        raise AssertionError("said to be done, and yet it is old")
    return isinstance(answer, Problem)


def check_answer(answer):
    if isinstance(answer, Problem):
        if answer.status not in (500, 503, 507) or not answer.type.startswith("/problems/") or not answer.detail:
            raise AssertionError(f"what is {answer.status} {answer.type} {answer}?")
    elif not answer["done"]:
        raise AssertionError(f"neither done nor refused: {answer}")


def mended(place, how, call, new):
    """The same server makes the change once the disk is well again."""
    refresh(place)
    with Server(place, LD_PRELOAD=BREAKER, BREAK_AT=str(call), BREAK_HOW=how, BREAK_MEND="mended") as server:
        try:
            change(server)
        except Problem:
            with open("mended", "w", encoding="ascii"):
                pass
            if not change(server)["done"]:
                raise AssertionError("with room again it is not done") from None
    if state_of(place) != new:
        raise AssertionError("with room again it is not new")


def sweep(place):
    """Prints a line for each way to fail; how many of them did."""
    refresh(place)
    old = state_of(place)
    refresh(place)
    first, last = calls(place, False), calls(place, True)
    new = state_of(place)
    if new == old or new[1] <= old[1] or last <= first:
        print(f"FAIL  {place}: nothing changes undisturbed")
        return 1
    wrong = 0
    for how in ("kill", "ENOSPC", "EIO"):
        refused, call = 0, first
        try:
            for call in range(first + 1, last + 1):
                refused += attempt(place, how, call, old, new)
                if how == "ENOSPC":
                    mended(place, how, call, new)
            if how != "kill" and refused == 0:
                raise AssertionError("never refused")
            print(f"ok    {place}: {how} at each of {last - first} calls, {refused} times refused")
        except AssertionError as error:
            wrong += 1
            print(f"FAIL  {place}: {how} at call {call}: {error}")
    return wrong


def main():
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        os.mkdir("pristine")
        shutil.copytree(os.path.join(ROOT, "examples", "tiny"), "pristine/case")
        for arguments in (("book", "init", "pristine/us.book", "--partner", "blue", "-q"),
                          ("book", "import", "pristine/us.book", "pristine/case", "-q")):
            done = run(*arguments)
            if done.returncode != 0:
                print(f"FAIL  {' '.join(arguments)}: {done.stdout}")
                print("0 passed, 1 failed")
                return 1
        wrong = sweep("case") + sweep("us.book")
        os.chdir("/")
    print(f"{6 - wrong} passed, {wrong} failed")
    return 1 if wrong else 0


sys.exit(main())
