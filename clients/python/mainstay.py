"""mainstay.py: the API of a Mainstay server (docs/api.md) in one file, for Python 3.9 and later.

It needs nothing but Python's own library: copy it beside your script. docs/python.md tells more, example.py shows how.

    from mainstay import Mainstay
    server = Mainstay("http://127.0.0.1:8080/#token=...")    # the link that `mainstay serve` prints
    number = server.order(title="harbour shut", events=[
        {"what": "site", "which": "busan", "effect": "close", "from_day": 5, "to_day": 15}])["plan"]
    server.wait(number)
    for shortfall in server.shortfalls(number):
        print(shortfall["day"], shortfall["site"], shortfall["item"], shortfall["tonnes"])

Answers are what the server's JSON says: dicts, lists, texts, numbers. What fails raises Problem. An answer that has not
changed since it was last asked for is not sent again. A Mainstay is for one thread; make one for each.
"""
from __future__ import annotations

import gzip
import http.client
import json
import os
import ssl
from collections import OrderedDict
from contextlib import closing
from typing import Any, Callable, Dict, Iterator, Optional
from urllib.parse import quote, urlencode, urlsplit

KEPT_MOST = 100  # answers whose ETag is remembered
PAGE_ROWS = 1000  # rows of a long list that are asked for at once


class Problem(Exception):
    """What the server says went wrong (RFC 9457). status is the HTTP status; findings are those of a case."""

    def __init__(self, status: int, fields: Dict[str, Any]) -> None:
        super().__init__(fields.get("detail") or fields.get("title") or f"HTTP status {status}")
        self.status = status
        self.type: str = fields.get("type", "about:blank")
        self.title: str = fields.get("title", "")
        self.detail: str = fields.get("detail", "")
        self.code: str = fields.get("code", "")
        self.file: Optional[str] = fields.get("file")
        self.line: Optional[int] = fields.get("line")
        self.column: Optional[int] = fields.get("column")
        self.findings: list = fields.get("findings", [])


class Mainstay:
    """A server.

    url: its address or the link that it printed; without one, the environment's MAINSTAY_URL.
    token: what to show at the door; else what stands behind #token= in the link; else the environment's MAINSTAY_TOKEN;
    else the first line of the file that MAINSTAY_TOKEN_FILE names.
    context: for https, whom to trust; ssl.create_default_context(cafile="our-ca.pem") for a certificate of your own.
    timeout: seconds to wait for an answer, not for a plan.
    """

    def __init__(self, url: Optional[str] = None, token: Optional[str] = None, *,
                 context: Optional[ssl.SSLContext] = None, timeout: float = 120) -> None:
        link = urlsplit(url or os.environ.get("MAINSTAY_URL", ""))
        if link.scheme not in ("http", "https") or not link.hostname:
            raise ValueError("the address of a server is needed, such as http://127.0.0.1:8080, here or in MAINSTAY_URL")
        self._link, self._context, self._timeout = link, context, timeout
        self._base = link.path.rstrip("/")
        self._token = token or _token_of(link.fragment)
        self._line: Optional[http.client.HTTPConnection] = None
        self._kept: "OrderedDict[str, tuple[str, Any]]" = OrderedDict()

    # ---- any address of the API ----

    def get(self, path: str, **queries: Any) -> Any:
        """GET: what the address gives: JSON as Python has it, anything else as text. Queries of None are left out."""
        path = _address(path, queries)
        kept = self._kept.get(path)
        answer, body = self._ask("GET", path, None, {"If-None-Match": kept[0]} if kept else {})
        if answer.status == 304 and kept:
            self._kept.move_to_end(path)
            return kept[1]
        value = _value_of(answer, body)
        if answer.headers.get("ETag"):
            self._kept[path] = (answer.headers["ETag"], value)
            self._kept.move_to_end(path)
            if len(self._kept) > KEPT_MOST:
                self._kept.popitem(last=False)
        return value

    def send(self, method: str, path: str, body: Any = None, **queries: Any) -> Any:
        """POST, PUT or DELETE; body: None, bytes, or what becomes JSON."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        return _value_of(*self._ask(method, _address(path, queries), data, {}))

    def rows(self, path: str, **queries: Any) -> Iterator[Any]:
        """The rows of a long list, asked for page by page as they are taken."""
        offset = queries.pop("offset", 0)
        while True:
            page = self.get(path, offset=offset, limit=PAGE_ROWS, **queries)
            yield from page["rows"]
            offset += PAGE_ROWS
            if offset >= page["total"]:
                return

    # ---- the case ----

    def about(self) -> Any:
        """What runs there, and who you are to it."""
        return self.get("/api")

    def openapi(self) -> Any:
        """The description of the API."""
        return self.get("/api/openapi.json")

    def examples(self) -> list:
        """Examples that a server without a case offers."""
        return self.get("/api/examples")

    def open_case(self, **what: Any) -> Any:
        """Begins with a case where none is open: example, or name and files (docs/api.md, POST /api/case/open)."""
        return self.send("POST", "/api/case/open", what)

    def case(self) -> Any:
        """What the case holds."""
        return self.get("/api/case")

    def findings(self) -> list:
        """What is odd about the case."""
        return self.get("/api/case/findings")["findings"]

    def map(self) -> Any:
        """Sites and lanes as GeoJSON."""
        return self.get("/api/case/map")

    def tables(self) -> list:
        """The tables that a case may have, and their columns."""
        return self.get("/api/case/tables")

    def table(self, name: str, search: Optional[str] = None) -> Iterator[Dict[str, str]]:
        """The rows of a table such as "lanes.csv": a dict of texts for each."""
        offset, total = 0, 1
        while offset < total:
            page = self.get(f"/api/case/tables/{_part(name)}", search=search, offset=offset, limit=PAGE_ROWS)
            header, *rows = page["rows"]
            for row in rows:
                yield dict(zip(header, row))
            offset, total = offset + PAGE_ROWS, page["total"]

    def change(self, **change: Any) -> Any:
        """Changes rows of the case (docs/api.md, POST /api/case/changes)."""
        return self.send("POST", "/api/case/changes", change)

    def contingencies(self) -> list:
        """The contingencies of the case with their events."""
        return self.get("/api/case/contingencies")

    def posture(self, plan: Optional[int] = None, **queries: Any) -> Any:
        """Days of supply, with a plan or as if nothing moved. Queries: by, partner, site, item, target, map."""
        return self.get("/api/case/posture" if plan is None else f"/api/plans/{plan}/posture", **queries)

    # ---- plans ----

    def plans(self) -> list:
        """All plans, in the order in which they were ordered."""
        return self.get("/api/plans")

    def order(self, **order: Any) -> Any:
        """Orders a plan and gives its facts; `plan` is its number. All optional: title, contingencies, events, gap,
        time_limit, alone (docs/api.md, POST /api/plans)."""
        return self.send("POST", "/api/plans", order)

    def plan(self, number: int) -> Any:
        """How a plan is coming on."""
        return self.get(f"/api/plans/{number}")

    def wait(self, number: int, told: Optional[Callable[[Any], None]] = None) -> Any:
        """Follows a plan until it is done, and gives its facts; told is called with them as they change. Raises Problem
        when planning failed or was cancelled."""
        return self._follow("plan", self.plan, number, told)

    def _follow(self, kind: str, ask: Callable[[int], Any], number: int, told: Optional[Callable[[Any], None]]) -> Any:
        with closing(self.events()) as events:
            for name, seen in events:
                if name == "open":  # nothing is missed from here on
                    facts = ask(number)
                elif name == kind and seen[kind] == number:
                    facts = seen
                else:
                    continue
                if facts["state"] == "done":
                    return facts
                if facts["state"] in ("failed", "cancelled"):
                    raise Problem(0, {"title": f"{kind} {number}: {facts['state']}", "detail": facts.get("error", "")})
                if told:
                    told(facts)
        raise Problem(0, {"title": "the server has gone"})

    def cancel(self, number: int) -> Any:
        """Stops planning; the best so far is kept."""
        return self.send("POST", f"/api/plans/{number}/cancel")

    def forget(self, number: int) -> None:
        """Forgets a plan."""
        self.send("DELETE", f"/api/plans/{number}")

    def story(self, number: int) -> Any:
        """What a plan says: how good it is, demand met, bottlenecks, who gives whom what."""
        return self.get(f"/api/plans/{number}/story")

    def reasons(self, number: int, **queries: Any) -> Any:
        """Why needs fall short and what would help. Queries: demand, most."""
        return self.get(f"/api/plans/{number}/reasons", **queries)

    def prove(self, number: int, **members: Any) -> Any:
        """Orders a proof of what would help a plan, by planning again; members: demand, most. Returns its facts."""
        return self.send("POST", f"/api/plans/{number}/proofs", members)

    def proofs(self) -> Any:
        """All proofs that were ordered."""
        return self.get("/api/proofs")

    def proof(self, number: int) -> Any:
        """One of them."""
        return self.get(f"/api/proofs/{number}")

    def wait_proof(self, number: int, told: Optional[Callable[[Any], None]] = None) -> Any:
        """Follows a proof until it is done, as wait does a plan."""
        return self._follow("proof", self.proof, number, told)

    def cancel_proof(self, number: int) -> Any:
        """Stops it."""
        return self.send("POST", f"/api/proofs/{number}/cancel")

    def forget_proof(self, number: int) -> None:
        """Forgets it."""
        self.send("DELETE", f"/api/proofs/{number}")

    def proven(self, number: int) -> Any:
        """Why needs fall short, and what is proven to help."""
        return self.get(f"/api/proofs/{number}/reasons")

    def flows(self, number: int, **queries: Any) -> Any:
        """Tonnes by period: of each lane, and of each site. Queries: partner, class_, priority."""
        return self.get(f"/api/plans/{number}/flows", **queries)

    def movements(self, number: int, search: Optional[str] = None) -> Iterator[Any]:
        """Who ships what, on which day."""
        return self.rows(f"/api/plans/{number}/movements", search=search)

    def shortfalls(self, number: int, search: Optional[str] = None) -> Iterator[Any]:
        """What falls short, where and when."""
        return self.rows(f"/api/plans/{number}/shortfalls", search=search)

    def orders(self, number: int, search: Optional[str] = None) -> Iterator[Any]:
        """What one partner gives, carries or lets through for another."""
        return self.rows(f"/api/plans/{number}/orders", search=search)

    def crossings(self, number: int) -> Any:
        """Who gives whom what under which agreement, and who owes whom for it."""
        return self.get(f"/api/plans/{number}/crossings")

    def plan_table(self, number: int, table: str, **queries: Any) -> Any:
        """A whole list as a file: CSV as text; with format="xlsx" a workbook as bytes."""
        return self.get(f"/api/plans/{number}/tables/{_part(table)}", **queries)

    def report(self, number: int, **queries: Any) -> Any:
        """The briefing: a page as text; with format="xlsx" a workbook as bytes."""
        return self.get(f"/api/plans/{number}/report", **queries)

    def compare(self, before: int, after: int) -> Any:
        """What the other plan does otherwise."""
        return self.get(f"/api/plans/{before}/compare/{after}")

    # ---- stress runs ----

    def stresses(self) -> list:
        """All stress runs, in the order in which they were ordered."""
        return self.get("/api/stress")

    def order_stress(self, **order: Any) -> Any:
        """Orders a stress run and gives its facts; `stress` is its number. All optional: title, mode, and what docs/api.md
        has under POST /api/stress."""
        return self.send("POST", "/api/stress", order)

    def stress(self, number: int) -> Any:
        """How a stress run is coming on."""
        return self.get(f"/api/stress/{number}")

    def wait_stress(self, number: int, told: Optional[Callable[[Any], None]] = None) -> Any:
        """As wait, of a stress run."""
        return self._follow("stress", self.stress, number, told)

    def cancel_stress(self, number: int) -> Any:
        """Stops a stress run; what it has found until then is kept."""
        return self.send("POST", f"/api/stress/{number}/cancel")

    def forget_stress(self, number: int) -> None:
        """Forgets a stress run."""
        self.send("DELETE", f"/api/stress/{number}")

    def stress_result(self, number: int) -> Any:
        """What a stress run found."""
        return self.get(f"/api/stress/{number}/result")

    def stress_rows(self, number: int, search: Optional[str] = None) -> Iterator[Any]:
        """Its long list: contingencies, failures or sets, or demands of a sample."""
        return self.rows(f"/api/stress/{number}/rows", search=search)

    # ---- a book and its exchange ----

    def book(self) -> Any:
        """What the book is."""
        return self.get("/api/book")

    def exchange(self) -> Any:
        """How the exchange stands with each partner."""
        return self.get("/api/exchange")

    def places(self) -> list:
        """Where releases may be sent to and fetched from."""
        return self.get("/api/exchange/places")["places"]

    def send_releases(self, place: str, partner: Optional[str] = None) -> Any:
        """Orders that releases be sent to a place, to one partner or to all: a job, whose number is `job`."""
        return self.send("POST", "/api/exchange/send", {"place": place, "partner": partner})

    def fetch_releases(self, place: str, partner: Optional[str] = None) -> Any:
        """Orders that what is in a place and new be fetched and taken: a job."""
        return self.send("POST", "/api/exchange/fetch", {"place": place, "partner": partner})

    def take_release(self, bundle: bytes, file: Optional[str] = None) -> Any:
        """Takes a release: what came of it, or of a large one the job (it has `job`)."""
        return self.send("POST", "/api/exchange/releases", bundle, file=file)

    def verify_book(self) -> Any:
        """Orders a proof of the book: a job."""
        return self.send("POST", "/api/book/verify")

    def jobs(self) -> list:
        """What takes long with the book: sending, fetching, taking, proving."""
        return self.get("/api/book/jobs")

    def job(self, number: int) -> Any:
        """How a job is coming on."""
        return self.get(f"/api/book/jobs/{number}")

    def wait_job(self, number: int, told: Optional[Callable[[Any], None]] = None) -> Any:
        """As wait, of a job."""
        return self._follow("job", self.job, number, told)

    def cancel_job(self, number: int) -> Any:
        """Stops a job; what was sent or taken before stays."""
        return self.send("POST", f"/api/book/jobs/{number}/cancel")

    def forget_job(self, number: int) -> None:
        """Forgets a job."""
        self.send("DELETE", f"/api/book/jobs/{number}")

    def job_result(self, number: int) -> Any:
        """What came of a job: releases, or the findings of a proof."""
        return self.get(f"/api/book/jobs/{number}/result")

    # ---- what happens ----

    def events(self) -> Iterator[Any]:
        """What happens, as it happens: pairs of a name, such as "plan", and what it tells. The first pair, ("open",
        None), comes at once. Ends when the server does."""
        line = self._connect(None)
        try:
            line.request("GET", self._base + "/api/events", headers=self._headers({}))
            answer = line.getresponse()
            if answer.status != 200:
                raise _problem_of(answer, _body_of(answer))
            yield "open", None
            name = ""
            for raw in answer:
                field, _, text = raw.decode().rstrip("\r\n").partition(": ")
                if field == "event":
                    name = text
                elif field == "data":
                    yield name, json.loads(text)
        finally:
            line.close()

    # ---- one request ----

    def _connect(self, timeout: Optional[float]) -> http.client.HTTPConnection:
        if self._link.scheme == "https":
            return http.client.HTTPSConnection(self._link.hostname or "", self._link.port, timeout=timeout,
                                               context=self._context)
        return http.client.HTTPConnection(self._link.hostname or "", self._link.port, timeout=timeout)

    def _headers(self, more: Dict[str, str]) -> Dict[str, str]:
        headers = {"Accept-Encoding": "gzip", **more}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers

    def _ask(self, method: str, path: str, body: Optional[bytes],
             headers: Dict[str, str]) -> "tuple[http.client.HTTPResponse, bytes]":
        """One request on the line that is open; on a new one where the server has closed it meanwhile."""
        again = self._line is not None and method == "GET"
        if self._line is None or method != "GET":  # what changes things is never sent twice, so it gets a fresh line
            self.close()
            self._line = self._connect(self._timeout)
        try:
            self._line.request(method, self._base + path, body, self._headers(headers))
            answer = self._line.getresponse()
            text = _body_of(answer)
        except (http.client.HTTPException, OSError):
            self.close()
            if again:
                return self._ask(method, path, body, headers)
            raise
        if answer.status >= 400:
            raise _problem_of(answer, text)
        return answer, text

    def close(self) -> None:
        """Closes the line to the server; the next request opens another."""
        if self._line:
            self._line.close()
            self._line = None

    # Which method asks for which address; a test holds it against /api/openapi.json.
    ROUTES = {
        "GET /api": about, "GET /api/openapi.json": openapi, "GET /api/case": case,
        "GET /api/examples": examples, "POST /api/case/open": open_case,
        "GET /api/case/findings": findings, "GET /api/case/map": map, "GET /api/case/tables": tables,
        "GET /api/case/tables/{table}": table, "POST /api/case/changes": change,
        "GET /api/case/contingencies": contingencies, "GET /api/case/posture": posture, "GET /api/plans": plans,
        "POST /api/plans": order, "GET /api/plans/{plan}": plan, "DELETE /api/plans/{plan}": forget,
        "POST /api/plans/{plan}/cancel": cancel, "GET /api/plans/{plan}/story": story,
        "GET /api/plans/{plan}/posture": posture, "GET /api/plans/{plan}/reasons": reasons,
        "POST /api/plans/{plan}/proofs": prove, "GET /api/proofs": proofs, "GET /api/proofs/{proof}": proof,
        "POST /api/proofs/{proof}/cancel": cancel_proof, "DELETE /api/proofs/{proof}": forget_proof,
        "GET /api/proofs/{proof}/reasons": proven,
        "GET /api/plans/{plan}/flows": flows, "GET /api/plans/{plan}/movements": movements,
        "GET /api/plans/{plan}/shortfalls": shortfalls, "GET /api/plans/{plan}/orders": orders,
        "GET /api/plans/{plan}/crossings": crossings,
        "GET /api/plans/{plan}/tables/{table}": plan_table, "GET /api/plans/{plan}/report": report,
        "GET /api/plans/{plan}/compare/{other}": compare, "GET /api/stress": stresses,
        "POST /api/stress": order_stress, "GET /api/stress/{stress}": stress,
        "DELETE /api/stress/{stress}": forget_stress, "POST /api/stress/{stress}/cancel": cancel_stress,
        "GET /api/stress/{stress}/result": stress_result, "GET /api/stress/{stress}/rows": stress_rows,
        "GET /api/book": book, "GET /api/exchange": exchange, "GET /api/exchange/places": places,
        "POST /api/exchange/send": send_releases, "POST /api/exchange/fetch": fetch_releases,
        "POST /api/exchange/releases": take_release, "POST /api/book/verify": verify_book, "GET /api/book/jobs": jobs,
        "GET /api/book/jobs/{job}": job, "DELETE /api/book/jobs/{job}": forget_job,
        "POST /api/book/jobs/{job}/cancel": cancel_job, "GET /api/book/jobs/{job}/result": job_result,
        "GET /api/events": events,
    }
    # Addresses that begin so have no methods of their own: `get`, `send` and `rows` reach them; /exchange/ is for
    # `mainstay exchange` of partners.
    LEFT_OUT = ("/exchange/", "/api/book/log", "/api/book/rows", "/api/exchange/key", "/api/exchange/rules",
                "/api/exchange/partners", "/api/ledger")


def _part(text: str) -> str:
    return quote(text, safe="")


def _address(path: str, queries: Dict[str, Any]) -> str:
    """class_ stands for class, which Python keeps for itself; True and False are 1 and 0."""
    given = [(name.rstrip("_"), int(value) if isinstance(value, bool) else value)
             for name, value in queries.items() if value is not None]
    return f"{path}?{urlencode(given)}" if given else path


def _token_of(fragment: str) -> str:
    if fragment.startswith("token="):
        return fragment[len("token="):]
    if os.environ.get("MAINSTAY_TOKEN"):
        return os.environ["MAINSTAY_TOKEN"]
    if os.environ.get("MAINSTAY_TOKEN_FILE"):
        with open(os.environ["MAINSTAY_TOKEN_FILE"], encoding="utf-8") as file:
            return file.readline().strip()
    return ""


def _body_of(answer: http.client.HTTPResponse) -> bytes:
    body = answer.read()
    return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


def _value_of(answer: http.client.HTTPResponse, body: bytes) -> Any:
    kind = answer.headers.get("Content-Type", "")
    if not body:
        return None
    if "json" in kind:
        return json.loads(body)
    return body.decode() if kind.startswith("text/") else body


def _problem_of(answer: http.client.HTTPResponse, body: bytes) -> Problem:
    try:
        fields = json.loads(body)
    except ValueError:
        fields = None
    return Problem(answer.status, fields if isinstance(fields, dict) else {"title": answer.reason})
