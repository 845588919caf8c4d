# Sourced by run, test, physio and .ci/run, with the current folder at the repository's root. Says everything to standard error.

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# The build leaves no server behind: not MSBuild's nodes, not the compiler's, not the command line's.
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# A shell that runs a program as a service may have no home, which the package client needs.
export DOTNET_CLI_HOME="${DOTNET_CLI_HOME:-${HOME:-$PWD/.physio/home}}"

require_dotnet() {
    command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing. Install it (https://dotnet.microsoft.com/download/dotnet/10.0) and run this again."
    dotnet --version >/dev/null 2>&1 || fail "no .NET 10 SDK among those installed ($(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | tr '\n' ' ')). Install it (https://dotnet.microsoft.com/download/dotnet/10.0) and run this again."
}

has_librdkafka() {
    local folder
    for folder in /usr/lib/*-linux-gnu /usr/lib64 /usr/lib /usr/local/lib /lib; do
        [ -e "$folder/librdkafka.so.1" ] && return 0
    done
    return 1
}

has_postgresql() {
    local initdb
    command -v initdb >/dev/null && return 0
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$initdb" ] && return 0
    done
    return 1
}

# The client library of Kafka, and PostgreSQL's server for the embedded database.
require_packages() {
    local missing=()
    has_librdkafka || missing+=(librdkafka1)
    has_postgresql || missing+=(postgresql)
    [ ${#missing[@]} -eq 0 ] && return 0
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        fail "needed and not installed: ${missing[*]}. Install them, as on Debian 12 with: sudo apt-get install ${missing[*]}"
    fi
    say "Installing ${missing[*]} ..."
    local log
    log=$(mktemp)
    if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        fail "apt-get could not install ${missing[*]}; its words are above."
    fi
    rm -f "$log"
    has_librdkafka || fail "librdkafka1 was installed, but librdkafka.so.1 is not found."
    has_postgresql || fail "postgresql was installed, but its initdb is not found."
}

# What a build of the program would read: names (a deleted file counts) and what is newer than the last build.
build_inputs() {
    find src build Directory.Build.props Directory.Packages.props global.json .editorconfig \
        -type d \( -name bin -o -name obj \) -prune -o -type f "$@" -print
}

physio_program=src/Seed/bin/Release/net10.0/physio

program_is_current() {
    [ -x "$physio_program" ] && [ -f src/Seed/obj/built ] \
        && [ "$(build_inputs | LC_ALL=C sort | cksum)" = "$(cat src/Seed/obj/built)" ] \
        && [ -z "$(build_inputs -newer src/Seed/obj/built | head -n 1)" ]
}

# Builds the program when something changed since. Two that start at once build one after the other.
build_program() {
    program_is_current && return 0
    require_dotnet
    mkdir -p src/Seed/obj
    (
        flock 9
        program_is_current && exit 0
        say "Building ..."
        # Marked with the time before the build: what is edited meanwhile is built next time.
        build_inputs | LC_ALL=C sort | cksum >src/Seed/obj/building
        log=$(mktemp)
        if ! dotnet build src/Seed/Seed.csproj -c Release -v quiet -nologo -nodeReuse:false -p:UseSharedCompilation=false >"$log" 2>&1 </dev/null 9>&-; then
            cat "$log" >&2
            rm -f "$log"
            say "error: the build failed; its words are above."
            exit 1
        fi
        rm -f "$log"
        mv src/Seed/obj/building src/Seed/obj/built
    ) 9>src/Seed/obj/lock || exit 1
}
