#!/usr/bin/env perl
# Reads the lists of protections (README.md here says how they are written); `scripts/take-away` runs it.
#   protections.pl check                 says which entries no longer fit the sources or the tests
#   protections.pl list [WORD]...        names, areas and what each protects
#   protections.pl apply TREE            makes the protections of the sources beneath TREE such that they can be taken away
#   protections.pl runs [WORD]...        a line for each run: name, what is gone, filter of tests, what else counts
# A WORD is an entry's name or its area; without any, all are meant.
use strict;
use warnings;
use File::Basename qw(dirname basename);
use Cwd qw(abs_path);

my $here = dirname(abs_path(__FILE__));
my $root = dirname(dirname($here));
my $variable = "HOLDFAST_TAKEN_AWAY";
my @wrong;

sub wrong { push @wrong, join(": ", @_) }

sub contents {
    my ($path) = @_;
    open(my $file, "<", $path) or return undef;
    local $/;
    return scalar <$file>;
}

# The entries of one file, in order.
sub entries {
    my ($path) = @_;
    my $area = basename($path, ".txt");
    my (@entries, $entry, $kind);
    my $number = 0;
    for my $line (split /\n/, contents($path)) {
        $number++;
        next if $line =~ /^\s*(#|$)/;
        if ($line =~ /^([a-z0-9][a-z0-9-]*): (.+)$/) {
            $entry = {
                name => $1, what => $2, area => $area, place => basename($path) . ":$number",
                changes => [], by => [], covers => [], counts => "",
            };
            push @entries, $entry;
        } elsif ($entry && $line =~ /^    in (\S+)$/) {
            $entry->{file} = $1;
        } elsif ($entry && $line =~ /^    by (.+)$/) {
            push @{ $entry->{by} }, split " ", $1;
        } elsif ($entry && $line =~ /^    covered by (.+)$/) {
            push @{ $entry->{covers} }, split " ", $1;
        } elsif ($entry && $line =~ /^    nobody notices: (.+)$/) {
            $entry->{counts} .= "nobody";
        } elsif ($entry && $line =~ /^    a (crash|hang) counts$/) {
            $entry->{counts} .= $1;
        } elsif ($entry && $entry->{file} && $line =~ /^    - ?(.*)$/) {
            my $text = $1;
            my $change = $entry->{changes}[-1];
            if ($kind eq "-") { $change->{old} .= "\n$text" }
            else { push @{ $entry->{changes} }, { file => $entry->{file}, old => $text } }
        } elsif ($entry && @{ $entry->{changes} } && $line =~ /^    \+ ?(.*)$/) {
            my $change = $entry->{changes}[-1];
            $change->{new} = defined $change->{new} ? "$change->{new}\n$1" : $1;
        } else {
            wrong(basename($path) . ":$number", "nobody understands “$line”");
        }
        $kind = substr($line, 4, 1);
    }
    return @entries;
}

# The parts of a condition, which commas separate that are in no parentheses.
sub parts {
    my ($condition) = @_;
    my @parts = ("");
    my $depth = 0;
    for my $character (split //, $condition) {
        $depth++ if $character =~ /[(\[{]/;
        $depth-- if $character =~ /[)\]}]/;
        if ($character eq "," && $depth == 0) { push @parts, "" }
        else { $parts[-1] .= $character }
    }
    return @parts;
}

# What stands there instead, where the entry does not say.
sub without {
    my ($old) = @_;
    if ($old =~ /^guard\s+(.*)\s+(else(\s*\{)?)$/s) {
        return "guard GONE || " . join(" && ", map { "($_)" } parts($1)) . " $2";
    }
    if ($old =~ /^if\s+(.*\{)$/s) { return "if !GONE, $1" }
    return "if !GONE { $old }";
}

# The text, whatever blanks and lines lie between its words.
sub pattern { return join('\s+', map { quotemeta } split " ", $_[0]) }

# Where a test may be named: `Suite`, `Suite.test`, and both with the module before them.
sub filter {
    my ($test) = @_;
    my ($module) = $test =~ s/^(Holdfast\w+Tests)\.(?=[A-Z])// ? $1 : "";
    my ($suite, $function) = split /\./, $test;
    return ($module ? "^$module" : "") . "[.]$suite/" . ($function ? "$function\[(]" : "");
}

my %sources;

# The changes of an entry as places in the sources: [file, from, to, text instead].
sub places {
    my ($entry) = @_;
    my @places;
    for my $change (@{ $entry->{changes} }) {
        my $file = $change->{file};
        $sources{$file} //= contents("$root/Sources/$file");
        if (!defined $sources{$file}) { wrong($entry->{name}, "there is no Sources/$file"); next }
        my $pattern = pattern($change->{old});
        my @found;
        while ($sources{$file} =~ /$pattern/g) { push @found, [$-[0], $+[0]] }
        if (@found != 1) {
            wrong($entry->{name}, "in Sources/$file, this is found " . @found . " times: $change->{old}");
            next;
        }
        my $new = $change->{new} // without($change->{old});
        $new =~ s/\bGONE\b/isTakenAway("$entry->{name}")/g or wrong($entry->{name}, "nothing says GONE");
        # Lines of a text within quotes have to stand as far to the right as they did.
        my ($indentation) = substr($sources{$file}, 0, $found[0][0]) =~ /^([ ]*)[^\n]*\z/m;
        $new =~ s/\n/\n$indentation/g;
        push @places, [$file, @{ $found[0] }, $new, $entry->{name}];
    }
    return @places;
}

my ($command, @arguments) = @ARGV;
$command //= "";
my $tree = $command eq "apply" ? shift @arguments : undef;
my @all = map { entries($_) } sort glob("$here/*.txt");
my %named;
for my $entry (@all) {
    wrong($entry->{place}, "$entry->{name} is there already, at $named{$entry->{name}}{place}") if $named{ $entry->{name} };
    $named{ $entry->{name} } = $entry;
    wrong($entry->{name}, "it changes nothing") unless @{ $entry->{changes} };
    wrong($entry->{name}, "no test is named that has to notice") unless @{ $entry->{by} };
}
for my $entry (@all) {
    for my $other (@{ $entry->{covers} }) { wrong($entry->{name}, "there is no $other") unless $named{$other} }
}
my @chosen = @all;
if (@arguments) {
    my %wanted = map { $_ => 1 } @arguments;
    @chosen = grep { $wanted{ $_->{name} } || $wanted{ $_->{area} } } @all;
    my %known = map { ($_->{name} => 1, $_->{area} => 1) } @all;
    for my $word (@arguments) { wrong($word, "there is no such entry and no such area") unless $known{$word} }
}

if ($command eq "check" || $command eq "apply") {
    my %changes;
    for my $entry (@chosen) {
        for my $place (places($entry)) { push @{ $changes{ $place->[0] } }, $place }
    }
    for my $file (sort keys %changes) {
        my @sorted = sort { $a->[1] <=> $b->[1] } @{ $changes{$file} };
        for my $index (1 .. $#sorted) {
            my ($before, $after) = @sorted[ $index - 1, $index ];
            wrong($after->[4], "it changes what $before->[4] changes") if $after->[1] < $before->[2];
        }
        $changes{$file} = \@sorted;
    }
    # Tests by the suites that they name; a suite may lie in several files.
    my %suites;
    for my $path (glob("$root/Tests/*Tests/{*,*/*,*/*/*}.swift")) {
        my $text = contents($path);
        while ($text =~ /\b(?:struct|class|extension|actor|enum) (\w+Tests)\b/g) { $suites{$1} .= $text }
    }
    for my $entry (@chosen) {
        for my $test (@{ $entry->{by} }) {
            my ($suite, $function) = $test =~ /^(?:Holdfast\w+Tests\.(?=[A-Z]))?(\w+)(?:\.(\w+))?$/;
            if (!$suites{ $suite // "" }) { wrong($entry->{name}, "there is no suite $test") }
            elsif ($function && $suites{$suite} !~ /func $function\b/) { wrong($entry->{name}, "there is no test $test") }
        }
    }
    if ($command eq "apply" && !@wrong) {
        for my $file (keys %changes) {
            my $text = $sources{$file};
            for my $place (reverse @{ $changes{$file} }) {
                substr($text, $place->[1], $place->[2] - $place->[1]) = $place->[3];
            }
            $text = "import HoldfastModel\n$text" unless $text =~ /^(\w+ )?import HoldfastModel$/m || $file =~ /^HoldfastModel/;
            write_file("$tree/Sources/$file", $text);
        }
        write_file("$tree/Sources/HoldfastModel/TakenAway.swift", <<"SWIFT");
import Foundation

private let takenAway = Set((ProcessInfo.processInfo.environment["$variable"] ?? "").split(separator: ",").map(String.init))

/// Whether this process goes without the protection of that name.
\@inline(never) package func isTakenAway(_ name: String) -> Bool { !takenAway.isEmpty && takenAway.contains(name) }
SWIFT
    }
} elsif ($command eq "list") {
    printf "%-12s %-28s %s\n", $_->{area}, $_->{name}, $_->{what} for @chosen;
} elsif ($command eq "runs") {
    for my $entry (@chosen) {
        my $filter = join("|", map { filter($_) } @{ $entry->{by} });
        print join("\t", $entry->{name}, join(",", @{ $entry->{covers} }) || "-", $filter, $entry->{counts} || "-"), "\n";
    }
} else {
    die "protections.pl check | list | apply TREE | runs\n";
}

sub write_file {
    my ($path, $text) = @_;
    my $there = contents($path);
    return if defined $there && $there eq $text;
    open(my $file, ">", $path) or die "$path: $!\n";
    print $file $text;
    close($file) or die "$path: $!\n";
}

if (@wrong) {
    print STDERR "$_\n" for @wrong;
    exit 1;
}
