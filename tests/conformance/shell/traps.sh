#: signals that a shell sends itself
trap 'echo caught' USR1; kill -USR1 $$; echo after
trap 'echo int' INT; kill -INT $$; kill -s INT $$; kill -2 $$
trap '' TERM; kill -TERM $$; echo ignored
trap - TERM; (trap 'echo sub' TERM; true); echo fine
#: several signals for one action
trap 'echo one' HUP QUIT ALRM; kill -HUP $$; kill -QUIT $$; kill -ALRM $$
trap - HUP QUIT; trap | grep -c .
#: the status is kept by a trap
trap 'false' USR1; kill -USR1 $$; echo $?
trap 'echo in $?' USR1; (exit 5); kill -USR1 $$; echo $?
#: a trap sees and changes variables
x=1; trap 'x=$((x+1))' USR1; kill -USR1 $$; kill -USR1 $$; echo $x
#: a trap that removes itself
trap 'echo once; trap - USR1' USR1; kill -USR1 $$; trap
#: exit in a trap
trap 'echo leaving; exit 7' TERM; kill -TERM $$; echo never
#: exit in a trap without a status
trap 'true; exit' USR2; (exit 9); kill -USR2 $$; echo never
#: traps at the end
trap 'echo end $?' EXIT; trap 'echo usr' USR1; kill -USR1 $$; (exit 4)
#: exit trap with exit in it
trap 'exit 3' EXIT; exit 5
#: exit trap whose exit keeps the status
trap 'false; exit' EXIT; exit 5
#: exit trap of a subshell and of its shell
trap 'echo outer' EXIT; (trap 'echo inner' EXIT; echo in); echo out
#: exit trap of a function
f() { trap 'echo from f' EXIT; }; f; echo before
#: exit trap is not inherited
trap 'echo once' EXIT; (echo sub); x=$(echo substituted); echo $x
#: traps that are listed
trap 'echo "it is"' EXIT; trap '' INT; trap 'a b' TERM; trap; trap - EXIT
#: traps by number
trap 'echo zero' 0; trap 'echo fifteen' 15; kill -15 $$; trap - 0 15; trap
#: traps that there are not
trap 'x' NOSUCH; [ $? -ne 0 ] && echo refused
(kill -NOSUCH $$); [ $? -ne 0 ] && echo refused
#: what is ignored is ignored below
trap '' USR1; (kill -USR1 $$; echo alive); sh -c 'kill -USR1 $$; echo alive'
#: what is caught is not caught below
trap 'echo caught' USR1; (trap | grep -c USR1); sh -c 'trap'
#: what is not caught ends
exec 2>/dev/null
(sh -c 'kill -TERM $$; echo never'); echo $?
(sh -c 'kill -USR1 $$; echo never'); echo $?
sh -c 'trap "echo exit" EXIT; kill -INT $$; echo never'; echo $?
#: signals between commands of a list
trap 'echo got' USR1; { echo a; kill -USR1 $$; echo b; }; if kill -USR1 $$; then echo c; fi
for i in 1 2; do kill -USR1 $$; echo $i; done
f() { kill -USR1 $$; echo in f; }; f
#: jobs are told
exec 2>/dev/null
sleep 30 & kill $!; wait $!; echo $?
sleep 30 & kill -KILL $!; wait $!; echo $?
(trap 'exit 3' TERM; while :; do sleep 0.01; done) & sleep 0.1; kill $!; wait $!; echo $?
(trap '' TERM; sleep 0.2; echo survived) & sleep 0.1; kill $!; wait $!; echo $?
#: wait for several
(exit 1) & a=$!; (exit 2) & b=$!; (exit 3) & c=$!
wait $a $b; echo $?; wait $c; echo $?; wait; echo $?
#: wait is ended by a signal
exec 2>/dev/null
trap 'echo caught' USR1
p=$$; (sleep 0.1; kill -USR1 $p) & (sleep 1) & q=$!
wait $q; echo $?; kill $q; wait $q; echo $?
#: wait for all is ended by a signal
exec 2>/dev/null
trap 'echo caught' USR1; p=$$; (sleep 0.1; kill -USR1 $p) & sleep 30 & q=$!
wait; [ $? -gt 128 ] && echo ended; kill $q; wait $q; echo $?
#: pipelines in the background
echo a | cat | cat & wait $!; echo $?
true | (exit 6) & wait $!; echo $?
{ sleep 0.05; echo late; } | cat & echo early; wait
#: numbers of what runs in the background
exec 2>/dev/null
sleep 0 & [ $! -gt 0 ] && echo has one; a=$!; sleep 0 & [ $! -ne $a ] && echo another; wait
sleep 30 & kill -0 $! && echo there; kill $!; wait $!; kill -0 $! 2>/dev/null || echo gone
[ $$ -gt 0 ] && kill -0 $$ && echo me; (echo $$) | grep -qx $$ && echo the same below
#: kill tells of statuses
kill -l 143; kill -l 130; kill -l 9; (exit 137); kill -l $?
#: kill without and with nonsense
kill 2>/dev/null; [ $? -ne 0 ] && echo refused; kill -0 x 2>/dev/null; [ $? -ne 0 ] && echo refused
#: traps and errexit
trap 'echo bye $?' EXIT; set -e; trap 'false; echo in trap' USR1; kill -USR1 $$; echo never
#: break in a trap does not leave loops that are not its own
trap 'for i in a b; do break; done; echo $i' USR1; for j in 1 2; do kill -USR1 $$; echo $j; done
