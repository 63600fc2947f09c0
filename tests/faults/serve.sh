# serve.sh: a server whose disk fails, or that is killed, at each single call by which it saves a change. See serve.py.
set -u
exec python3 "$root/tests/faults/serve.py"
