# shellcheck shell=bash
# Steps with a heading and the seconds that each took. Sourced by the scripts.
#
#   step TITLE COMMAND [ARG...]     ends the script where the command fails

step() {
    local title=$1 started=$SECONDS status=0
    shift
    printf '\n==> %s\n' "$title"
    # In a subshell with -e of its own: after `||` the shell would ignore it.
    set +e
    (
        set -e
        "$@"
    )
    status=$?
    set -e
    if [ "$status" != 0 ]; then
        printf '==> %s: FAILED after %d s, exit code %d\n' "$title" "$((SECONDS - started))" "$status" >&2
        exit "$status"
    fi
    printf '==> %s: %d s\n' "$title" "$((SECONDS - started))"
}
