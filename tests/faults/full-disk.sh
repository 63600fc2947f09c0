# full-disk.sh: a disk that is really full: a tmpfs of a few kilobytes where this may be mounted, else a limit on the
# size of a file.
set -u
. "$root/tests/tally.sh"
scratch
cd "$scratch" || exit 1
disk=$scratch/disk
mkdir "$disk"

attempt() { # attempt WHAT COMMAND...: must fail with a reason and leave no plan
    local what=$1 status
    shift
    "$@" >out 2>err
    status=$?
    case $status in 1 | 4) ok "$what: exit status $status" ;; *) fail "$what: exit status $status" ;; esac
    if grep -qiE 'no space left|file too large|full' err; then ok "$what: says why"; else
        fail "$what: does not say why"
        sed 's/^/      /' err
    fi
    if [ -e "$disk/plan" ]; then fail "$what: leaves a plan"; else ok "$what: leaves no plan"; fi
    expect "$what: leaves nothing half done" '' "$(ls -A "$disk")"
}

if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=8k mainstay-test "$disk" 2>/dev/null; then
    trap 'umount "$disk"; rm -rf "$scratch"' EXIT
    attempt 'a full file system' "$MAINSTAY" plan "$root/examples/tiny" -o "$disk/plan"
    umount "$disk"
    trap 'rm -rf "$scratch"' EXIT
else
    skip 'a full file system: no right to mount one'
fi
# SIGXFSZ is ignored, so that write says EFBIG, as a program started by a careful parent would see it.
attempt 'a limit on file size' env --ignore-signal=XFSZ bash -c 'ulimit -f 1 && exec "$@"' - \
    "$MAINSTAY" plan "$root/examples/tiny" -o "$disk/plan"

try 'with room again it works' "$MAINSTAY" plan "$root/examples/tiny" -o "$disk/plan"
try 'and the plan is whole' "$MAINSTAY" check "$root/examples/tiny" "$disk/plan"
finish
