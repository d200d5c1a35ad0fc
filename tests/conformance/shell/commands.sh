#: lists
true && echo a || echo b
false && echo a || echo b
true; false; echo $?
! true; echo $?; ! false; echo $?
false || false || echo last
true && ! false && echo both
{ echo a; echo b; }; (echo c; echo d)
#: if
if true; then echo a; fi
if false; then echo a; else echo b; fi
if false; then echo a; elif true; then echo b; else echo c; fi
if false; then echo a; fi; echo $?
if ! grep -q x </dev/null; then echo none; fi
if
 false
 true
then
 echo last one counts
fi
#: while and until
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done
until [ $i -eq 0 ]; do i=$((i-1)); echo $i; done; echo $?
while false; do echo never; done; echo $?
while :; do echo once; break; done
i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i -eq 2 ] && continue; echo $i; done
#: for
for i in a b c; do echo $i; done
for i in; do echo never; done; echo $?
set -- x y; for i; do echo $i; done
for i do echo $i; done
for i in 1 2 3; do if [ $i = 2 ]; then break; fi; echo $i; done; echo $i
for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done
for i in 1 2; do for j in a b; do break 2; done; done; echo $i$j
#: case
for x in a b ab '*' '' 'x y'; do
  case $x in
    a) echo one;;
    b|c) echo two;;
    \*) echo star;;
    "") echo empty;;
    *' '*) echo space;;
    *) echo other;;
  esac
done
case x in y) false;; esac; echo $?
case a in (a) echo paren;; esac
case a in [[:alpha:]]) echo letter;; esac
p='a*'; case abc in $p) echo pattern;; esac; case abc in "$p") echo no;; *) echo quoted;; esac
case a in a) ;; esac; echo $?
#: functions
f() { echo "f $1 $#"; }
f a b; f; f 'c d'
g() { return 3; echo never; }; g; echo $?
h() { x=global; local y=local; echo $x $y; }; y=outer; h; echo $x $y
r() { [ $1 -eq 0 ] && return; echo $1; r $(($1-1)); }; r 3
set -- keep; f other; echo $1
s() ( x=subshell; exit 4 ); x=mine; s; echo $? $x
t() { echo to file; } >t.txt; t; cat t.txt
f() { echo redefined; }; f
unset -f f; f 2>/dev/null; echo $?
u() if true; then echo body; fi; u
v() for i; do echo $i; done; v 1 2
w() { false; }; w || echo failed
#: subshells and groups
x=1; (x=2; echo $x); echo $x
(exit 3); echo $?
{ x=4; }; echo $x
(cd / && echo in root); [ "$PWD" = / ] && echo wrong
( (echo nested) )
{ echo a; } | { read x; echo "got $x"; }
#: pipelines
echo a | cat | cat
printf 'b\na\n' | while read l; do echo "<$l>"; done
x=1; echo y | read x; echo $x
false | true; echo $?; true | false; echo $?
echo a |
cat
! false | false; echo $?
echo err >&2 2>/dev/null | cat
{ echo out; echo err >&2; } 2>&1 | grep -c .
#: redirections
echo one >f; echo two >>f; cat f; cat <f
echo three >|f; cat f
cat f nothing 2>/dev/null; echo $?
{ echo a; echo b; } >g; while read l; do echo "<$l>"; done <g
echo x 1>&2 2>/dev/null
exec 3>h; echo to three >&3; exec 3>&-; cat h
exec 4<g; read l <&4; echo $l; read l <&4; echo $l; exec 4<&-
(echo out; echo err >&2) >o 2>e; cat o e
echo both >o 2>&1; cat o
>empty; cat empty; [ -s empty ] || echo empty
x=$(cat <g); echo $x
2>/dev/null echo first; echo mid >m dle; cat m
echo rw <>rw; cat rw
: >c; set -C; echo no >c || echo is there; echo yes >|c; cat c
#: redirections that fail
cat </no/such/file; [ $? -ne 0 ] && echo failed
echo a >/no/such/file || echo failed
: <&9 || echo not here
echo a >&7 || echo here
#: documents
x=value
cat <<END
plain $x ${x} $(echo sub) `echo old` $((1+1)) \$x \\ "quoted" 'single'
END
cat <<'END'
plain $x $(echo sub) \$x \\
END
cat <<-END
	tabs	inside
		go
	END
cat <<A; cat <<B
first
A
second
B
while read l; do echo "[$l]"; done <<END
a
b
END
f() { cat <<END
in function $1
END
}; f arg
cat <<"E O F"
odd
E O F
cat <<END | cat
piped \
joined
END
#: assignments
a=1 b=2; echo $a $b; a=$b; b=$a; echo $a $b
x=outer; x=inner :; echo $x
f() { echo "f: $x"; }; x=temp f; 
x='a  b'; y=$x; echo "$y"
x=a y=$x$x; echo $y
x=$(echo a; exit 3) ; echo $? $x
x=; echo "[$x]"
#: alias
alias hi='echo hello'
eval hi; eval 'hi there'
alias hi; unalias hi; eval hi 2>/dev/null; echo $?
#: comments and blank lines
# nothing
echo a # comment
echo a#b '#' "#" \#

	
echo end; # last
