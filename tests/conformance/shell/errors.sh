#: errexit
set -e
true
false || echo caught
if false; then :; fi
! true
false && true
while false; do :; done
(false; echo not here) || echo tested
echo before
false
echo never
#: errexit in functions
set -e
f() { false; echo in f; }
f || echo no
g() { false; echo never; }
g
echo never
#: errexit and substitution
set -e
x=$(echo a; true); echo $x
x=$(false)
echo never
#: errexit in subshell
set -e
(echo a; false; echo never)
echo never
#: errexit in pipelines
set -e
false | true
echo after
true | false
echo never
#: nounset
set -u
echo ${x-fine} ${x+not}
echo "$@" $# "$*"
(echo $x; echo never); [ $? -ne 0 ] && echo failed
echo $x
echo never
#: noexec
set -n
echo never
#: syntax errors
sh -c 'if'; [ $? -ne 0 ] && echo one
sh -c 'echo a; )' ; [ $? -ne 0 ] && echo two
sh -c "echo 'open"; [ $? -ne 0 ] && echo three
sh -c 'for in do'; [ $? -ne 0 ] && echo four
sh -c 'case x in'; [ $? -ne 0 ] && echo five
sh -c 'a &&'; [ $? -ne 0 ] && echo six
sh -c '| a'; [ $? -ne 0 ] && echo seven
sh -c 'f() {'; [ $? -ne 0 ] && echo eight
sh -c ';;'; [ $? -ne 0 ] && echo nine
sh -c 'done'; [ $? -ne 0 ] && echo ten
#: lines before a syntax error run
echo first
echo second
if then
#: eval of a syntax error
eval 'if'
echo never
#: commands that are not there
nothing_there_1; echo $?
nothing_there_2 || echo or
./nothing; echo $?
echo text >file; ./file 2>/dev/null; echo $?
/; echo $?
#: special builtins end a script
readonly x=1
x=2
echo never
#: special builtins with command in front do not
command . ./nothing
echo goes on
#: dot without its file
. ./nothing
echo never
#: redirection of a special builtin
: </nothing
echo never
#: redirection of another command
cat </nothing
echo goes on
#: break and continue outside of loops
break; echo a
continue; echo b
f() { break; echo c; }; for i in 1 2; do f; echo $i; done
#: return at the top
f() { return; }; false; f; echo $?
return 4
echo never
#: deep recursion ends
f() { f; }; (f) 2>/dev/null; [ $? -ne 0 ] && echo ended
#: expansion errors
echo ${x?message}
echo never
#: xtrace
set -x
x=1
echo $x 'a b'
#: verbose is told
set -v
#: trap at errexit
trap 'echo bye' EXIT
set -e
false
#: status of substitution
x=$(exit 3); echo $?; echo $(exit 3); echo $?; $(exit 4); echo $?
#: empty command words
$nothing; echo $?; $nothing echo a; "" 2>/dev/null; echo $?
x='echo b'; $x; $nothing >made; [ -f made ] && echo made
