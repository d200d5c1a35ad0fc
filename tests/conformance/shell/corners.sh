#: errexit in conditions
set -e
if false; then :; elif false; then :; fi; echo a
while false; do :; done; until true; do :; done; echo b
false || false || true; echo c
! { false; true; }; echo d
f() { false; echo goes on; }; if f; then echo e; fi
f && echo f; f || echo never
{ false; echo g; } || :
(set +e; false; echo h)
#: errexit in substitutions of conditions
set -e; x=$(false; echo goes on) && echo $x
#: errexit and the last of a list
set -e; true && false; echo never
#: errexit and the middle of a list
set -e; false && true; echo goes on; true || false; echo and on
#: errexit and negation
set -e; ! true; echo goes on; ! false; echo and on
#: errexit and subshells in conditions
set -e; (false; echo inside) && echo tested; (false; echo never); echo never
#: errexit and compound commands
set -e; if true; then false; fi; echo never
#: errexit and loops
set -e; for i in 1 2; do [ $i = 3 ] || echo $i; done; for i in 1; do false; done; echo never
#: errexit and case
set -e; case a in a) false;; esac; echo never
#: errexit and groups
set -e; { echo a; false; echo never; }; echo never
#: errexit and assignments
set -e; x=$(true) y=$(false) ; echo never
#: errexit and assignments of commands
set -e; x=$(false) echo goes on; export y=$(false); echo and on
#: errexit and redirections
(set -e; cat </nothing; echo never); [ $? -ne 0 ] && echo ended
#: errexit and functions that return
set -e; f() { return 3; }; f || echo $?; f; echo never
#: errexit and eval
set -e; eval 'false || true'; echo a; eval 'false; echo never'; echo never
#: errexit and dot
set -e; echo 'false; echo never' >f; . ./f; echo never
#: errexit and pipelines in conditions
set -e; if true | false; then echo never; fi; ! true | true; echo goes on
#: errexit in the background
set -e; false & wait; echo goes on; (exit 3) & wait $! || echo $?
#: errexit that begins late
false; set -e; echo a; set +e; false; echo b
#: splitting by several separators
IFS=' :,'; x='a : b,c,,d '; for w in $x; do echo "[$w]"; done; set -- $x; echo $#
#: splitting of separators alone
IFS=:; x=:; set -- $x; echo $#; x=::; set -- $x; echo $#; x=a:; set -- $x; echo $#; x=:a; set -- $x; echo $# "[$1]"
#: splitting of what is put together
x=' a b '; set -- -$x-; echo $# "$@"; set -- $x$x; echo $# "$@"; set -- "$x"$x; echo $# "[$1]"
y=; set -- $y; echo $#; set -- $y''; echo $#; set -- "$y"; echo $#; set -- $y$y; echo $#
#: splitting of substitutions
set -- $(printf 'a b\nc\td'); echo $#; IFS='
'; set -- $(printf 'a b\nc\td'); echo $#; IFS=x; set -- $(echo axbxc); echo $# $1
#: splitting of arithmetic
IFS=1; set -- $((212)); echo $# "$1" "$2"; IFS=; set -- $((212)); echo $#
#: nothing else is split
IFS=x; echo axb; set -- axb; echo $#; y=axb; z=$y; echo "$z"; case $y in axb) echo whole;; esac; for i in axb; do echo $i; done
#: arguments in assignments and words
set -- 'a b' c; x=$*; echo "$x"; x=$@; echo "$x"; IFS=+; x=$*; echo "$x"; x="$*"; echo "$x"; echo "-$*-" "-$@-"
#: arguments with default values
set -- a 'b c'; for w in "${@:-none}"; do echo "[$w]"; done; set --; for w in "${@:-none}"; do echo "[$w]"; done; for w in ${1+"$@"}; do echo never; done; set -- '' ; for w in ${1+"$@"}; do echo "[$w]"; done
#: quotes in default values
echo "${x-"a b"}" ${x-'c  d'} ${x-"e  f"} "${x-\$}" "${x-a\"b}"; set -- ${x-a 'b c' "d e"}; echo $# "$2"; y="${x-*}"; echo "$y"
#: braces in default values
echo ${x-a\}b} "${x-a\}b}" ${x-"a}b"} ${x-${y-deep}} "${x-${y-"deep er"}}"
#: here-documents quote as double quotes do
x='a  b'
cat <<END
"$x" '$x' \$x \\ \a ${y-"q"} ${y-'q'} $(echo "$x") `echo "$x"` ${x#a}
a\
b
END
cat <<\END
$x \\ `no`
END
cat <<E'N'D
$x
END
cat <<"a b"
$((1+1))
a b
#: here-documents with expansions of many lines
cat <<END
$(for i in 1 2
do echo $i
done) ${x-two
lines} $((1 +
1))
END
#: here-documents in loops with reads
for i in 1 2; do
  while read a b; do echo "$i: $b $a"; done <<END
x y$i
z w
END
done
while read line; do cat <<END; done <<LINES
<$line>
END
one
two
LINES
#: here-documents on other descriptors
cat <<A 3<<B; cat <&3 3<<C
a
A
b
B
c
C
exec 4<<END
first
second
END
read x <&4; read y <&4; echo $y $x; exec 4<&-
#: here-documents in functions, subshells and conditions
f() { cat; }; f <<END; (cat) <<END; if read x; then echo $x; fi <<END
f
END
sub
END
if
END
x=$(cat <<END
in $(echo substitution)
END
); echo "$x"
#: empty here-documents
cat <<END; cat <<'END'; cat <<-END; echo done
END
END
	END
#: patterns of parameters
x=/a/b.c/d.e; echo ${x##*/} ${x%/*} ${x%%.*} ${x#*.} ${x##*[./]} ${x%[./]*} ${x#?} ${x%?} ${x%%[!/]*}
x='a*b?c[d]'; echo "${x#a\*}" "${x%'[d]'}" "${x#a"*"}" "${x%\?*}" "${x##*'?'}"; y='*'; echo "${x#$y}" "${x##$y}" "${x#"$y"}" "${x#a"$y"}"
x=aaa; echo ${x#a} ${x##a} ${x#a*} ${x##a*}. ${x%a} ${x%%a*}. ${x#b} ${x#} ${x%}
x=; echo "[${x#a}]" "[${x%%*}]"; unset x; echo "[${x#a}]"
x='{a}'; echo "${x#\{}" "${x%\}}" ; x="a'b"; echo "${x%\'*}" "${x#*\'}"
x='a b  c'; echo ${x#* } "${x#* }" ${x%% *}; set -- "$x"; echo "${1##* }" ${#1}
#: patterns with brackets
for x in a b - ] ! ^ 5 '[' '\' A; do
  case $x in [a-b]) printf r;; []]) printf s;; [!-~]) printf n;; [\\]) printf b;; [[:digit:]]) printf d;; ['!']) printf e;; *) printf o;; esac
done; echo
case a in [!b-z]) echo not;; esac; case ab in [a][b]) echo both;; esac; case '[a' in '['a) echo open;; esac; case [ in [) echo lone;; esac
case x in [[:alpha:][:digit:]]) echo class;; esac; case _ in [![:alnum:]]) echo other;; esac; case - in [a-]) echo dash;; esac; case - in [-a]) echo dash;; esac
case 'a]' in [a]]) echo behind;; esac; case b in [\a-c]) echo range;; esac; case a/b in a*b) echo slash;; esac; case .a in *) echo dot;; esac
#: arithmetic with every operator
x=7 y=2; echo $((x+y)) $((x-y)) $((x*y)) $((x/y)) $((x%y)) $((x<<y)) $((x>>y)) $((x<y)) $((x<=y)) $((x>y)) $((x>=y)) $((x==y)) $((x!=y)) $((x&y)) $((x|y)) $((x^y)) $((x&&y)) $((x||y)) $((!x)) $((~x)) $((-x)) $((+x)) $((x?y:3))
echo $((1+2*3-4/2%3)) $(((1+2)*(3-4))) $((2-3-4)) $((64/4/2)) $((1<<2+1)) $((1|2^3&4)) $((1<2==1)) $((!0+1)) $((~0&5)) $((- -3)) $((!!3)) $((1?0?2:3:4)) $((0||0&&1)) $((1||0&&0))
x=1; echo $((x+=5)) $((x-=2)) $((x*=3)) $((x/=2)) $((x%=4)) $((x<<=3)) $((x>>=1)) $((x|=3)) $((x&=6)) $((x^=5)) $x; y=$((x=3)); echo $x$y; echo $((x=y=9)) $x $y
echo $((0xff)) $((0XfF)) $((077)) $((0)) $((00)) $((9223372036854775807)) $((-9223372036854775807-1)) $((9223372036854775807+1))
x=5; y=x; echo $((x)) $(($x)) $((y1=4)) $((  x  +  1  )) $((x
+1)) "$((x*2))"; x=' 6 '; echo $((x)); x=-3; echo $((x)) $((-x)) $((1-x)); x=0x10; echo $((x))
echo $((0&&(z=1))) ${z-unset} $((1||(z=1))) ${z-unset} $((1?5:(z=1))) ${z-unset}; unset u; echo $((u+1)) $((u=2)) $u
#: arithmetic that is wrong
for e in '1+' '1 1' '(1' '1)' '*1' '1=2' '1?2' '09' '1//2' '@' '1%0'; do (eval "echo \$(($e))") 2>/dev/null; [ $? -ne 0 ] && printf 'no '; done; echo
#: redirections in their order
{ echo out; echo err >&2; } >a 2>&1; cat a; { echo out; echo err >&2; } 2>&1 >b | cat; cat b
{ echo 1; echo 2 >&2; } 3>&1 1>c 2>&3 | cat; cat c; echo x >d >e; cat d; cat e; echo y >d 2>&1 >&2; cat d
echo z 3>f >&3; cat f; cat <a <f; echo w >g <&-; cat g; exec 3>h 4>&3; echo p >&3; echo q >&4; exec 3>&- 4>&-; cat h
(exec 2>&1; echo err >&2); echo r 2>&1 1>&2 2>/dev/null | cat; : >i; echo s >>i; echo t >>i; cat i; 3<i cat <&3; <i read v; echo $v
#: redirections whose words are expanded
x='a b'; echo 1 >$x; cat 'a b'; echo 2 >"$x"; cat a\ b; y=3; echo three 3>c >&$y; cat c; echo 4 >$(echo d); cat d; >*.e echo 5; cat '*.e'
#: redirections of functions and groups
f() { echo out; echo err >&2; read l; echo $l; } >f.out 2>&1; echo in | f; cat f.out; if :; then echo a; fi >b; cat b; for i in 1 2; do echo $i; done >c; cat c; case a in a) echo d;; esac >d; cat d
#: subshells have an environment of their own
x=1 y=2; export y; f() { echo f; }; (x=3; y=4; unset -f f; cd /; set -- a b; alias q=r; exec 2>/dev/null; umask 077; trap 'echo t' EXIT); echo $x $y $#; f; echo $(x=5; echo $x) $x; echo a | { x=6; echo $x; cat; }; echo $x; { x=7; }; echo $x; x=8 & wait; echo $x; umask
(exit 3); echo $?; (return 2>/dev/null; echo r) | cat; ( (exit 4) ); echo $?; (false) || echo $?; (break 2>/dev/null; echo b); for i in 1 2; do (continue; echo c); echo $i; done
#: statuses
true; echo $?; false; echo $?; (exit 256) 2>/dev/null; nothing_such 2>/dev/null; echo $?; : >nx; ./nx 2>/dev/null; echo $?; / 2>/dev/null; echo $?; ! nothing_such 2>/dev/null; echo $?
x=$(exit 5); echo $?; x=$(exit 5) y=1; echo $?; x=1; echo $?; $(exit 6); echo $?; $(exit 6) $(exit 7); echo $?; x=$(exit 5) true; echo $?; >f$(exit 4); echo $?; f() { :; }; f $(exit 8); echo $?
if false; then :; fi; echo $?; while false; do :; done; echo $?; for i in; do :; done; echo $?; case a in b) ;; esac; echo $?; f() { return; }; false; f; echo $?; f() { false; return; }; f; echo $?; until true; do :; done; echo $?
#: commands found by name
f() { echo function; }; command f 2>/dev/null; echo $?; command -v f; command -p echo p; PATH=/nowhere command -p echo q; type f >/dev/null; echo $?; unset -f f; command -v f; echo $?; hash -r; hash echo; echo $?; hash nothing_such 2>/dev/null; [ $? -ne 0 ] && echo none
alias e='echo aliased'; command -v e; type e | grep -c alias; unalias e; command -v e; unalias e 2>/dev/null; [ $? -ne 0 ] && echo none; alias a=b c=d; unalias -a; alias
#: options of set
exec 2>/dev/null
set -f; echo *; set +f; set -o noglob; case $- in *f*) echo f;; esac; set +o noglob; set -u; (echo $nothing) 2>/dev/null; [ $? -ne 0 ] && echo u; set +u; set -a; x=1; sh -c 'echo $x'; set +a; set -b +b; echo $?; set -C; echo a >f; (echo b >f) 2>/dev/null; [ $? -ne 0 ] && echo C; set +C; cat f
set -- -a -b; echo $#; set -x -- 2>/dev/null; set +x 2>/dev/null; echo $#; set - a b 2>/dev/null; echo $1; (set -Q) 2>/dev/null; [ $? -ne 0 ] && echo wrong; set +o | grep -c noglob; set -o | grep -c noglob
#: lines of a script
echo $LINENO
echo $LINENO; f() {
  echo $LINENO
  echo $LINENO
}
f; echo $LINENO; LINENO=100; echo $LINENO
#: masks of files
umask; umask 027; umask; umask -S; umask u=rwx,g=rx,o=; umask; umask g-w,o+x; umask -S; umask 0; : >a; ls -l a | cut -c 1-10; umask 077; : >b; ls -l b | cut -c 1-10; (umask 9) 2>/dev/null; [ $? -ne 0 ] && echo wrong
#: permissions
: >a; for m in 644 u+x go-r a=rw u=rwx,g=u,o=g-w ug+s +t 0 a+X u+x,a+X -- =r; do [ $m = -- ] && continue; chmod $m a; ls -l a | cut -c 1-10; done; chmod 1q a 2>/dev/null; [ $? -ne 0 ] && echo wrong; chmod 644 none 2>/dev/null; [ $? -ne 0 ] && echo none
#: times
times | grep -c '^[0-9]*m[0-9.]*s [0-9]*m[0-9.]*s$'
#: tildes in patterns and words of parameters
HOME=/home; p=/home/x; echo ${p#~} "${p#~}" ${p#"~"} ${p%%~/x}. ${p#~/} ${p##~*/}
case ~/a in ~/*) echo a;; esac; case '~/a' in ~/*) echo b;; '~'/*) echo c;; esac; case /home in "~") echo d;; ~) echo e;; esac; case a in ~a|~) echo f;; *) echo g;; esac
q='~x'; echo "${q#~}" ${q#~} ${q#\~} "${q#'~'}"; echo ${u-~}/a "${u-~}" ${u+~} ${v=~/b} $v; echo "${w=~}" $w; unset v; x=${v:=~}; echo $v $x; echo $((~5))
#: patterns of what is unset
unset u x; echo "[${u#$(echo told >&2; echo a)}${u%%${x=1}}]" ${x-unset} 2>&1; u=; echo "[${u%${x=2}}]" $x; echo ${9#"${y=3}"}. ${y-unset}
#: signs behind each other
m=5; echo $((m--3)) $((m++3)) $((m- -3)) $((m--(3))) $((m-~3)) $((m - - 3)) $m
#: functions in functions
f() { [ $1 -eq 0 ] || f $(($1 - 1)); }; f 200; echo $?; s() { if [ $1 = 0 ]; then echo 0; else echo $(($1 + $(s $(($1 - 1))))); fi; }; s 100; g() { x=$1; [ $x = 0 ] && return 7; (g $((x - 1))); }; g 70; echo $?
