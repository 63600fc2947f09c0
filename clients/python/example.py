# example.py: what does the closing of a port cost? Cells (# %%) for an editor that knows them, and a script as it is:
#
#     mainstay serve examples/pacific            prints a link
#     MAINSTAY_URL=LINK python3 example.py [PORT [FROM_DAY [TO_DAY]]]

# %% The server, and what it has
import sys

from mainstay import Mainstay, Problem

server = Mainstay()
port = sys.argv[1] if len(sys.argv) > 1 else "busan"
from_day, to_day = (float(text) for text in (sys.argv[2:4] + ["5", "15"][len(sys.argv[2:4]):]))
case = server.case()
print(f"{case['case']}: {case['days']} days from {case['start']}")

# %% The plan as things are, and with the port shut
def plan(title, **order):
    number = server.order(title=title, gap=1e-3, time_limit=60, **order)["plan"]
    facts = server.wait(number)
    print(f"plan {number}, {title}: proven within {100 * facts['gap']:.2g} %, {facts['seconds']:.1f} s")
    return number

base = plan("as it is")
try:
    shut = plan(f"{port} shut", events=[{"what": "site", "which": port, "effect": "close", "from_day": from_day,
                                         "to_day": to_day}])
except Problem as problem:
    sys.exit(f"{problem}" + "".join(f"\n  {each['message']}" for each in problem.findings))

# %% What falls short, in tonnes by item: before, after
def short_by_item(number):
    tonnes = {}
    for row in server.shortfalls(number):
        tonnes[row["item"]] = tonnes.get(row["item"], 0) + row["tonnes"]
    return tonnes

before, after = short_by_item(base), short_by_item(shut)
print(f"\n{'item':<20} {'before t':>12} {'after t':>12} {'more t':>12}")
for item in sorted(set(before) | set(after), key=lambda item: before.get(item, 0) - after.get(item, 0)):
    b, a = before.get(item, 0), after.get(item, 0)
    print(f"{item:<20} {b:>12,.1f} {a:>12,.1f} {round(a - b, 1) + 0.0:>+12,.1f}")
print(f"{'all':<20} {sum(before.values()):>12,.1f} {sum(after.values()):>12,.1f} "
      f"{sum(after.values()) - sum(before.values()):>+12,.1f}")

# %% Where it hurts first
for row in sorted(server.shortfalls(shut), key=lambda row: row["day"])[:5]:
    print(f"day {row['day']:g}: {row['quantity']:,.10g} {row['unit']} of {row['item']} at {row['site']}, priority {row['priority']}")
