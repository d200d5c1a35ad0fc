#: test
t() { if [ "$@" ]; then echo yes; else echo no; fi; }
t a; t ''; t; t -n a; t -n ''; t -z a; t -z ''
t a = a; t a = b; t a != b; t 1 -eq 01; t 2 -gt 10; t 2 -lt 10; t 3 -ge 3; t 3 -le 2; t 1 -ne 1
t ! a; t ! ''; t a -a b; t a -a ''; t '' -o b; t '(' a ')'; t ! a = b
t -f /dev/null; t -e /dev/null; t -c /dev/null; t -d /; t -d /dev/null; t -e /nothing
: >f; t -f f; t -s f; echo x >f; t -s f; t -r f; t -d f
t = = =; t -n; t '!'; t '('; t a '<' b
[ a -eq 1 ]; echo $?; [ 1 -foo 2 ]; echo $?; [ a; echo $?
test a = a && echo fine
#: printf
printf 'a %s %d %c|\n' text 42 xyz
printf '[%5s][%-5s][%05d][%+d][% d]\n' ab cd 42 42 42
printf '[%.2s][%5.1s][%x][%X][%o][%#x]\n' abcdef xyz 255 255 8 255
printf '%s\n' a b c
printf '%s-%s\n' a b c
printf 'tab\there\\ \101 %%\n'
printf '%b|%b\n' 'a\tb' 'c\0101'
printf '%b' 'stop\c here'; echo
printf '%d %d\n' 0x1f 010
printf '%d\n' abc; echo $?
printf '[%*d]\n' 5 42
printf '%i %u\n' -5 5
printf; echo $?
printf '%s'; echo
printf "%d\n" "'A"
#: echo
echo; echo a  b; echo "a  b"; echo -n x; echo y; echo -- a; echo -e | grep -c e
#: read
printf 'a b c\n' | { read x y; echo "[$x][$y]"; }
printf '  a  b  \n' | { read x; echo "[$x]"; }
printf 'a\n' | { read x y; echo "[$x][$y]"; }
printf 'a\\ b c\n' | { read x y; echo "[$x][$y]"; }
printf 'a\\b\n' | { read -r x; printf '[%s]\n' "$x"; }
printf 'a\\\nb\n' | { read x; echo "[$x]"; }
printf 'last' | { read x; echo "$? [$x]"; }
read x </dev/null; echo "$? [$x]"
printf 'a:b:c\n' | { IFS=: read x y; echo "[$x][$y]"; }
printf 'a::b\n' | { IFS=: read x y z; echo "[$x][$y][$z]"; }
printf '1\n2\n3\n' | { read a; read b; echo $a$b; cat; }
printf 'a b\n' | while read x y; do echo $y$x; done
#: set and shift
set -- a b c; echo $# $1; shift; echo $# $1; shift 2; echo $#
set -- -x; echo $1
set a b; echo $*
set -- "$@" c; echo $#
(shift 5; echo not here); [ $? -ne 0 ] && echo failed
set -f; echo $- | grep -c f; set +f
set -o noglob; echo *; set +o noglob
#: unset and readonly
x=1; unset x; echo ${x-gone}
unset nothing; echo $?
readonly r=1; echo $r
(r=2; echo not here); [ $? -ne 0 ] && echo failed
(unset r; echo not here); [ $? -ne 0 ] && echo failed
readonly s; (s=1); [ $? -ne 0 ] && echo failed
#: export
x=1; export x; export y=2 z
echo $x$y
export -p | grep -c "^export x='1'"
sh -c 'echo [$x] [$y]'
w=3 sh -c 'echo [$w]'; echo [$w]
v='a b'; export u=$v; echo "$u"
#: eval
x='echo a b'; eval $x; eval 'echo "c  d"'; eval; echo $?
y=z; z=deep; eval echo \$$y
eval 'false'; echo $?
eval 'for i in 1 2; do' 'echo $i;' 'done'
#: dot
echo 'x=from file; echo "args $#"' >lib.sh
. ./lib.sh; echo $x
echo 'return 5; echo never' >ret.sh; . ./ret.sh; echo $?
#: exit
(exit 5); echo $?; (exit); echo $?
f() { exit 3; }; (f; echo never); echo $?
false; (exit); echo $?
sh -c 'exit 9'; echo $?
exit 6
echo never
#: trap
(trap 'echo bye' EXIT; echo working); echo after
(trap 'echo one; exit 3' EXIT; exit 5); echo $?
(trap 'echo never' EXIT; trap - EXIT); echo none
(trap '' INT; trap | grep -c INT)
trap 'echo end $?' 0
false
#: getopts
o() { OPTIND=1; while getopts ab:c x; do echo "$x ${OPTARG:-none}"; done; shift $((OPTIND-1)); echo "rest $*"; }
o -a -b val -c r1 r2
o -abval -- -c
o -ac x
o
q() { OPTIND=1; while getopts :ab: x; do echo "$x $OPTARG"; done; }
q -z -b
#: getopts without a value
set -- -a; getopts a x; echo ${OPTARG-unset}
#: command and type
command echo a; command -v echo; command -v nothing; echo $?
f() { echo function; }; command -v f
command -v if; type if; command -v .
echo() { printf 'mine\n'; }; echo a; command echo b; unset -f echo; echo c
command false; echo $?
nothing_there; echo $?
type nothing_there >/dev/null; echo $?
#: wait
(exit 3) & wait $!; echo $?
{ echo background; } & wait; echo done
wait 99999; echo $?
(echo a) & wait; (exit 2) & p=$!; true; wait $p; echo $?
[ -n "$!" ] && echo has one
#: colon true false
:; echo $?; : a b; true; echo $?; false; echo $?
: ${x:=set}; echo $x
#: cd and pwd
d=$PWD; cd /; pwd; echo $PWD; cd - >/dev/null; [ "$PWD" = "$d" ] && echo back
cd /dev; echo $OLDPWD | grep -c .; cd ..; pwd
cd /nowhere; [ $? -ne 0 ] && echo failed; pwd
HOME=/dev; cd; pwd
cd /dev/../dev/.; pwd
#: sh
sh -c 'echo $0 $1 $#' name a b
echo 'echo script $1 $#' >s.sh; sh s.sh x y
echo 'echo from input' | sh
sh -c 'exit 4'; echo $?
x=not_exported sh -c 'echo $x'; y=1; sh -c 'echo [$y]'
sh nothing.sh; [ $? -ne 0 ] && echo failed
#: exec
(exec >out.txt; echo hidden); cat out.txt
(exec 5>five; echo x >&5; echo y >&5); cat five
(exec nothing_there; echo never); echo $?
#: local
f() { local x=1; g; echo $x; }; g() { x=2; }; x=0; f; echo $x
f() { local a b=2; a=1; echo $a$b; }; f; echo ${a-unset}${b-unset}
#: backslashes of echo
echo 'a\tb\n' "\\"
#: help
true --help; : --help; echo --help
#: status of redirections
cat </nothing 2>/dev/null; echo $?
#: commands on the input
printf 'read x\nvalue\necho $x\n' | sh
