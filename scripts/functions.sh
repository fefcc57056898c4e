# What the scripts share; sourced by them.
# shellcheck shell=bash disable=SC2034

# The root of the repository, wherever it was cloned.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
    bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' cyan=$'\e[36m' plain=$'\e[0m'
else
    bold='' dim='' green='' red='' cyan='' plain=''
fi

say() { printf '%s\n' "$*"; }

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

fail() {
    printf '%serror:%s %s\n' "$red" "$plain" "$*" >&2
    exit 1
}

# require_whole NAME VALUE: says what an option wants, before anything long begins.
require_whole() { [[ ${2:-} =~ ^[0-9]+$ ]] || fail "$1 wants a whole number, not “${2:-}”"; }

# duration SECONDS: for people.
duration() {
    if (($1 < 60)); then say "$1 s"; else say "$(($1 / 60)) min $(($1 % 60)) s"; fi
}

# build ARGUMENT...: runs `swift build`, showing how far it is: on a terminal in one line that renews itself, elsewhere in
# a line now and then. Everything else that the compiler says is shown as it is.
build() {
    swift build --package-path "$root" "$@" 2>&1 | perl -e '
        use strict;
        my ($terminal, $start, $last) = (-t STDOUT, time, time);
        $| = 1;
        while (my $line = <STDIN>) {
            if ($line =~ m{^\[(\d+)/(\d+)\]}) {
                my $seconds = time - $start;
                my $state = sprintf("  %d of %d steps, %d:%02d", $1, $2, $seconds / 60, $seconds % 60);
                if ($terminal) { print "\r$state\e[K" }
                elsif (time - $last >= 30) { print "$state\n"; $last = time }
            } else {
                print "\r\e[K" if $terminal;
                print $line;
            }
        }
        print "\r\e[K" if $terminal;'
    return "${PIPESTATUS[0]}"
}

# free_ports COUNT: ports of the loopback that nobody listens on.
free_ports() {
    perl -MIO::Socket::INET -e '
        my @sockets = map { IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die "no free port: $!\n" } 1 .. $ARGV[0];
        print join(" ", map { $_->sockport } @sockets), "\n";' "$1"
}
