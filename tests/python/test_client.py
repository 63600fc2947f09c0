"""test_client.py: clients/python against a real server. Run by tests/python.sh: MAINSTAY is the program."""
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "clients", "python"))
from mainstay import Mainstay, Problem  # noqa: E402


class Server:
    """mainstay serve with these arguments, for a while; its link."""

    def __init__(self, *arguments):
        self.arguments = arguments

    def __enter__(self):
        self.process = subprocess.Popen([os.environ["MAINSTAY"], "serve", "--quiet", *self.arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return self.process.stdout.readline().strip()

    def __exit__(self, *what):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


class Recorded(Mainstay):
    """Remembers what was asked, and what came back."""

    asked, statuses = (), ()

    def _ask(self, method, path, body, headers):
        self.asked += (f"{method} {path.split('?')[0]}",)
        return super()._ask(method, path, body, headers)

    def _connect(self, timeout):
        line = super()._connect(timeout)
        take = line.getresponse

        def getresponse():
            answer = take()
            self.statuses += (answer.status,)
            return answer
        line.getresponse = getresponse
        return line


def expect(holds, what=""):
    if not holds:
        raise AssertionError(what)


def problem(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except Problem as raised:
        return raised
    raise AssertionError("no Problem")


def tiny():
    return os.path.join(ROOT, "examples", "tiny")


def of_a_book(route):
    return " /api/book" in route or " /api/exchange" in route


def every_route_has_a_method_or_is_left_out():
    with Server(tiny()) as link:
        paths = Mainstay(link).openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods
              if not path.startswith(Mainstay.LEFT_OUT)}
    known = set(Mainstay.ROUTES)
    expect(not routes - known, f"neither a method nor left out: {sorted(routes - known)}")
    expect(not known - routes, f"no route of the server: {sorted(known - routes)}")
    for left_out in Mainstay.LEFT_OUT:
        expect(any(path.startswith(left_out) for path in paths), f"nothing begins with {left_out}")


def every_method_asks_its_route():
    with Server(tiny()) as link:
        server = Recorded(link)
        number, other = (server.order(title=title)["plan"] for title in ("one", "two"))
        run = server.order_stress(mode="each", what="lane")["stress"]
        expect(server.wait(number)["state"] == "done" and server.wait(other)["state"] == "done")
        expect(server.wait_stress(run)["state"] == "done")
        proof = server.prove(number, most=1)["proof"]
        expect(server.wait_proof(proof)["plan"] == number and server.proven(proof)["reasons"][0]["verified"])
        arguments = {"table": ["sites.csv"], "compare": [number, other], "plan_table": [number, "movements"],
                     "proof": [proof], "proven": [proof]}
        for name in ["cancel", "forget"]:
            arguments[name] = [server.order()["plan"]]
            arguments[name + "_stress"] = [server.order_stress(mode="each")["stress"]]
            arguments[name + "_proof"] = [server.prove(number)["proof"]]
        for route, method in Mainstay.ROUTES.items():
            name = method.__name__
            if name in ("order", "order_stress", "events") or of_a_book(route):
                continue
            if name == "change":
                cells = {"table": "stocks.csv", "row": 0, "cells": {"quantity": "1"}}
                expect(not server.change(generation=server.about()["generation"], check=True, changes=[cells])["done"])
                continue
            if name == "open_case":
                expect("open" in problem(server.open_case, example="tiny").detail)
                continue
            answer = method(server, *arguments.get(name, [number] if "{plan}" in route else [run] if "{" in route else []))
            if hasattr(answer, "send"):
                list(answer)
        for route in Mainstay.ROUTES:
            pattern = re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(route)) + "$")
            if route != "GET /api/events" and not of_a_book(route):  # a line of its own, which wait has used
                expect(any(pattern.match(asked) for asked in server.asked), f"{route} was not asked for")


def releases_go_through_a_place():
    def run(*arguments):
        subprocess.run([os.environ["MAINSTAY"], *arguments], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        blue, green, places, post = (os.path.join(folder, name) for name in ("blue", "green", "places.csv", "post"))
        os.mkdir(post)
        with open(places, "w", encoding="utf-8") as file:
            file.write(f"name,place,token,ca\nstick,{post},,\nlost,{folder}/nowhere,,\n")
        with open(os.path.join(folder, "rules.csv"), "w", encoding="utf-8") as file:
            file.write("to,table,detail\n*,*,full\n")
        for book in (blue, green):
            run("book", "init", book, "--partner", os.path.basename(book), "-q")
            run("book", "import", book, tiny(), "-q")
            run("exchange", "rules", book, os.path.join(folder, "rules.csv"), "-q")
            run("exchange", "init", book, "-o", book + ".pub", "-q")
        run("exchange", "trust", blue, "green", green + ".pub")
        run("exchange", "trust", green, "blue", blue + ".pub")
        with Server(blue, "--places", places) as ours, Server(green, "--places", places) as theirs:
            here, there = Recorded(ours), Recorded(theirs)
            expect([place["name"] for place in here.places()] == ["stick", "lost"])
            number = here.send_releases("stick", "green")["job"]
            expect(here.wait_job(number)["releases"] == 1)
            sent = here.job_result(number)["releases"][0]["file"]
            expect(os.listdir(post) == [sent])
            number = there.fetch_releases("stick")["job"]
            expect(there.wait_job(number)["state"] == "done")
            expect([release["partner"] for release in there.job_result(number)["releases"]] == ["blue"])
            expect(there.exchange()["exchange"][0]["taken"] == 1)
            with open(os.path.join(post, sent), "rb") as file:
                expect(there.take_release(file.read(), sent)["again"])
            number = here.verify_book()["job"]
            here.wait_job(number)
            expect(here.job_result(number)["errors"] == 0 and here.job(number)["state"] == "done")
            expect("not there" in problem(here.wait_job, here.send_releases("lost")["job"]).detail)
            here.cancel_job(number)
            here.forget_job(number)
            expect([job["what"] for job in here.jobs()] == ["send", "send"] and here.book()["partner"] == "blue")
            asked = here.asked + there.asked
        for route in filter(of_a_book, Mainstay.ROUTES):
            pattern = re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(route)) + "$")
            expect(any(pattern.match(each) for each in asked), f"{route} was not asked for")


def a_server_without_a_case_opens_an_example():
    with tempfile.TemporaryDirectory() as folder, Server("--work", folder) as link:
        server = Mainstay(link)
        expect("tiny" in server.examples())
        server.open_case(example="tiny")
        expect(server.about()["case"] == "tiny" and os.listdir(folder) == ["tiny"])


def answers_are_the_programs_own():
    said = subprocess.run([os.environ["MAINSTAY"], "posture", tiny(), "--json"], stdout=subprocess.PIPE, check=True)
    with Server(tiny()) as link:
        expect(Mainstay(link).posture() == json.loads(said.stdout))
        expect(Mainstay(link).get("/api/case/posture", format="csv").startswith("site,item,"))


def long_lists_come_in_pages():
    import mainstay
    with Server(tiny()) as link:
        server = Recorded(link)
        number = server.order()["plan"]
        server.wait(number)
        whole = list(server.movements(number))
        sites = list(server.table("sites.csv"))
        expect(len(whole) > 2 and len(sites) == 4)
        rows, mainstay.PAGE_ROWS = mainstay.PAGE_ROWS, 1
        try:
            before = len(server.asked)
            expect(list(server.movements(number)) == whole)
            expect(len(server.asked) - before == len(whole))
            expect(list(server.table("sites.csv")) == sites)
        finally:
            mainstay.PAGE_ROWS = rows
        expect([site["site"] for site in server.table("sites.csv", search="harbour")] == ["harbour"])


def what_is_unchanged_is_not_sent_again():
    with Server(tiny()) as link:
        server = Recorded(link)
        first = server.case()
        expect(server.case() is first)
        expect(server.statuses == (200, 304), server.statuses)


def problems_say_what_is_wrong():
    with Server(tiny()) as link:
        server = Mainstay(link)
        missing = problem(server.plan, 4711)
        expect((missing.status, missing.code, str(missing)) == (404, "not-found", "there is no plan 4711"))
        wrong = problem(server.order, events=[{"what": "site", "which": "nowhere", "effect": "close", "from_day": 1}])
        expect(wrong.status == 422 and wrong.findings and "nowhere" in wrong.findings[0]["message"])
        expect(problem(server.posture, by="colour").status == 400)
        expect(problem(Mainstay(link.split("#")[0]).case).status == 401)
        expect(server.about()["case"] == "tiny")  # the same line goes on


def the_token_comes_from_many_places():
    with Server(tiny()) as link, tempfile.TemporaryDirectory() as folder:
        url, token = link.split("#token=")
        path = os.path.join(folder, "token")
        with open(path, "w", encoding="utf-8") as file:
            file.write(token + "\n")
        expect(Mainstay(url, token).case())
        for name, value in [("MAINSTAY_TOKEN", token), ("MAINSTAY_TOKEN_FILE", path)]:
            os.environ[name] = value
            try:
                expect(Mainstay(url).case())
            finally:
                del os.environ[name]
        os.environ["MAINSTAY_URL"] = link
        try:
            expect(Mainstay().case())
        finally:
            del os.environ["MAINSTAY_URL"]
    try:
        Mainstay("ftp://nowhere")
    except ValueError:
        return
    raise AssertionError("an address that is none was taken")


def a_line_that_broke_is_opened_again():
    with Server(tiny()) as link:
        server = Mainstay(link)
        server.about()
        server._line.sock.shutdown(socket.SHUT_RDWR)
        expect(server.about()["case"] == "tiny")


def what_is_forgotten_is_gone():
    with Server(tiny()) as link:
        server = Mainstay(link)
        first, second = (server.order(title=title)["plan"] for title in ("first", "second"))
        server.forget(second)
        expect(problem(server.plan, second).status == 404)
        expect(problem(server.wait, second).status == 404)
        expect(server.wait(first)["state"] == "done")


def tokens_with_roles_and_tls():
    with tempfile.TemporaryDirectory() as folder:
        certificate, key, tokens = (os.path.join(folder, name) for name in ("cert.pem", "key.pem", "tokens.csv"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-keyout", key, "-out", certificate, "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
        with open(tokens, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write("name,role,token\nKim,viewer,0123456789abcdef\nPark,planner,fedcba9876543210\n")
        with Server(tiny(), "--tls-cert", certificate, "--tls-key", key, "--tokens", tokens) as link:
            expect(link.startswith("https://") and "token" not in link)
            context = ssl.create_default_context(cafile=certificate)
            kim, park = (Mainstay(link, token, context=context) for token in ("0123456789abcdef", "fedcba9876543210"))
            expect(kim.about()["who"] == "Kim" and kim.about()["role"] == "viewer")
            denied = problem(kim.order)
            expect(denied.status == 403 and "needs a planner" in denied.detail)
            expect(park.wait(park.order()["plan"])["who"] == "Park")
            try:
                Mainstay(link, "0123456789abcdef").case()
            except ssl.SSLError:
                return
            raise AssertionError("a certificate that nobody vouches for was taken")


def the_example_runs():
    with Server(os.path.join(ROOT, "examples", "relief")) as link:
        said = subprocess.run([sys.executable, os.path.join(ROOT, "clients", "python", "example.py"), "cebu"],
                              env={**os.environ, "MAINSTAY_URL": link}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, check=False)
    expect(said.returncode == 0 and "before t" in said.stdout, said.stdout)


TESTS = [
    every_route_has_a_method_or_is_left_out, every_method_asks_its_route, releases_go_through_a_place,
    a_server_without_a_case_opens_an_example,
    answers_are_the_programs_own, long_lists_come_in_pages, what_is_unchanged_is_not_sent_again, problems_say_what_is_wrong,
    the_token_comes_from_many_places, a_line_that_broke_is_opened_again, what_is_forgotten_is_gone,
    tokens_with_roles_and_tls, the_example_runs,
]


def main():
    failed = 0
    for test in TESTS:
        try:
            test()
            print("ok   ", test.__name__.replace("_", " "))
        except Exception:
            failed += 1
            print("FAIL ", test.__name__.replace("_", " "))
            print(traceback.format_exc())
    print(f"{len(TESTS) - failed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
