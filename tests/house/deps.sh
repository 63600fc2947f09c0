# deps.sh: sourced by tests/house/run. Runs tools/deps where dpkg-query, apt-get, sudo and id are stand-ins that write
# down what they are asked.

fake=$scratch/fake
mkdir -p "$fake"
for tool in bash env cat; do ln -sf "$(command -v $tool)" "$fake/$tool"; done

stand_in() { # stand_in NAME: stdin is its script
    { echo '#!/usr/bin/env bash' && cat; } >"$fake/$1"
    chmod +x "$fake/$1"
}

run_deps() { # run_deps UID ARGUMENTS...: $deps_status, $asked (what apt-get was asked) and $said
    printf 'echo %s\n' "$1" | stand_in id
    shift
    rm -f "$scratch/asked"
    said=$(PATH=$fake "$root/tools/deps" "$@" 2>&1 </dev/null)
    deps_status=$?
    asked=$(cat "$scratch/asked" 2>/dev/null)
}

all_present() {
    stand_in dpkg-query <<'END'
shift 2
for package; do printf '%s/installed ' "$package"; done
END
}

some_missing() { # jansson unknown to dpkg, clp's headers removed but still on its list
    stand_in dpkg-query <<'END'
shift 2
for package; do
    case $package in
    libjansson-dev) ;;
    coinor-libclp-dev) printf '%s/config-files ' "$package" ;;
    *) printf '%s/installed ' "$package" ;;
    esac
done
exit 1
END
}

printf 'echo "apt-get $*" >>%q\n' "$scratch/asked" | stand_in apt-get
all_present
run_deps 1000 build check bench
expect 'deps: nothing missing, nothing said, nothing asked' '0||' "$deps_status|$asked|$said"

start=$(date +%s%N)
run_deps 0 build check
elapsed_ms=$((($(date +%s%N) - start) / 1000000))
try "deps: quick when there is nothing to do ($elapsed_ms ms)" [ $elapsed_ms -lt 500 ]

some_missing
run_deps 0 build
expect 'deps: as root, asks for what is missing' "0 apt-get -qq -o Dpkg::Use-Pty=0 update
apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends coinor-libclp-dev libjansson-dev" \
    "$deps_status $asked"
try 'deps: says so before' grep -q '^Missing Debian packages: coinor-libclp-dev libjansson-dev' <<<"$said"

run_deps 1000 build
expect 'deps: without root or sudo, fails and asks nothing' '1 ' "$deps_status $asked"
try 'deps: and says what an administrator should do' \
    grep -q 'apt-get install coinor-libclp-dev libjansson-dev' <<<"$said"

printf 'echo "sudo $*" >>%q\n[ "$1" != -n ] || shift\n"$@"\n' "$scratch/asked" | stand_in sudo
run_deps 1000 build
expect 'deps: with sudo, and nobody to type a password' '0 sudo -n env DEBIAN_FRONTEND=noninteractive apt-get' \
    "$deps_status $(head -n 1 <<<"$asked" | cut -d ' ' -f 1-5)"

printf 'exit 100\n' | stand_in apt-get
run_deps 0 build
expect 'deps: fails when apt-get does' 1 "$deps_status"

rm "$fake/dpkg-query"
run_deps 0 build
expect 'deps: not Debian: says so and lets the build try' '0 ' "$deps_status $asked"
run_deps 0 nonsense
expect 'deps: an unknown purpose is a usage error' 2 "$deps_status"
