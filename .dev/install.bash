# Debian packages: only what is missing is installed, and no server of Debian's is started.

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif [ -t 0 ]; then sudo "$@"
    else sudo -n "$@"
    fi
}

# The packages of the purposes named (files of cmake/packages). Node comes from elsewhere on many machines: then it stays.
packages_of() {
    local purpose
    for purpose in "$@"; do
        if [ "$purpose" = node ] && command -v npm >/dev/null; then continue; fi
        sed 's/#.*//; s/[[:space:]]//g; /^$/d' "cmake/packages/$purpose.txt"
    done
}

missing_of() {
    local installed
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}\t${Package}\n' 2>/dev/null | sed -n 's/^ii[^\t]*\t//p')
    printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

# A freshly installed server would start at once (invoke-rc.d) and at the next boot (systemd): Persona runs its own.
forbid_services() {
    policy=
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        policy=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
        as_root chmod 755 $policy
    fi
    if [ ! -d /etc/postgresql-common/createcluster.d ]; then
        as_root mkdir -p /etc/postgresql-common/createcluster.d
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.d/persona.conf >/dev/null
    fi
}

allow_services() {
    [ -z "$policy" ] || as_root rm -f "$policy"
    local unit
    for unit in "$@"; do
        if [ -d /run/systemd/system ]; then as_root systemctl disable --quiet "$unit" || true; fi
    done
}

# Units that the packages about to be installed would enable.
units_of() { printf '%s\n' "$@" | sed -n 's/^postgresql-15$/postgresql/p; s/^redis-server$/&/p; s/^redis-sentinel$/&/p; s/^prometheus\(-alertmanager\)\?$/&/p'; }

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=900 -o Dpkg::Options::=--force-confold "$@"; }

install_packages() {
    local wanted missing=() log=$cache/apt.log
    mapfile -t wanted < <(packages_of "$@" | sort -u)
    [ ${#wanted[@]} -eq 0 ] || mapfile -t missing < <(missing_of "${wanted[@]}")
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${#missing[@]} Debian packages: ${missing[*]}"
    as_root true || die "installing needs root: run as root, or first: sudo apt-get install ${missing[*]}"
    forbid_services
    trap 'allow_services' EXIT
    apt_install "${missing[@]}" >"$log" 2>&1 || { tail -n 30 "$log" >&2; die "apt-get failed, see $log"; }
    trap - EXIT
    mapfile -t wanted < <(units_of "${missing[@]}")
    allow_services "${wanted[@]}"
}

# The lists of a fresh machine are empty or old: only then are they fetched.
apt_install() { apt_get install -y --no-install-recommends "$@" || { apt_get update && apt_get install -y --no-install-recommends "$@"; }; }

fetch_models() {
    install_packages node
    say "models"
    cmake/models/fetch
}
