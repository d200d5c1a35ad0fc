#: quotes
echo 'a  b' "c  d" e\ \ f g\'h "i'j" 'k"l'
printf '%s\n' "a\$b \`c\` \"d\" \\e \f"
echo a""b ''c "" d
printf '[%s]' "" '' a"" ; echo
echo "line
feed" 'and
one'
echo a\
b "c\
d"
#: parameters
x=value
echo $x ${x} "$x" '$x' \$x $xy ${x}y "${x}y"
echo $nothing. "$nothing". ${nothing}.
echo $# $? $0x | grep -c x
set -- a 'b c' d
echo $1 $2 $3 $4. ${1}0 $10 $#
set -- 1 2 3 4 5 6 7 8 9 ten eleven
echo $10 ${10} ${11}
#: default values
unset u; e=; v=v
echo ${u-d} ${u:-d} ${e-d} ${e:-d} ${v-d} ${v:-d}
echo ${u+a} ${u:+a} ${e+a} ${e:+a} ${v+a} ${v:+a}
echo ${u=s} $u ${e:=t} $e ${v=w} $v
echo "${u2-a  b}" ${u2-a  b} "${u2-"a  b"}" ${u2-"a  b"}
echo ${u3:-${v:+$(echo inner)}}
echo "${u3:-'x'}" ${u3:-'x'} "${u3:-\}}" ${u3:-\}} ${u3:-"}"}
#: required values
(echo ${u?}; echo not here); echo $?
(echo ${u?message here}; echo not here) 2>&1 | grep -c 'message here'
e=; (echo ${e:?}; echo not here); echo $?
echo ${e?fine}.
#: lengths
x=hello; set -- a b c
echo ${#x} ${#nothing} ${#1} ${#} ${#?}
#: lengths of all arguments
set -- a b c; echo ${#@} ${#*}
#: lengths of characters
x=äöü; echo ${#x}
#: suffixes and prefixes
f=/usr/local/lib/a.tar.gz
echo ${f%.*} ${f%%.*} ${f#*/} ${f##*/} ${f%nothing} ${f#nothing}
echo ${f%/*} ${f#/usr} "${f##*"/"}" ${f%'.gz'}
p='*'; s='a*b*c'
echo "${s#*$p}" "${s#*"$p"}" "${s%"$p"*}" "${s%%$p*}" ${s%%\**}
x=aXbXc; echo ${x#*[A-Z]} ${x%[A-Z]*} ${x##?} ${x%%[!a]*}
x='a b c'; echo "${x#a }" ${x% *}
#: splitting
x='  a  b  '
for w in $x; do echo "[$w]"; done
for w in "$x"; do echo "[$w]"; done
for w in p$x''q; do echo "[$w]"; done
IFS=:
p='a::b:c:'
for w in $p; do echo "[$w]"; done
IFS=' :'
p=' a : b:: c '
for w in $p; do echo "[$w]"; done
IFS=
x='a b'; for w in $x; do echo "[$w]"; done
unset IFS
for w in $x; do echo "[$w]"; done
#: all arguments
set -- 'a b' '' c
for w in "$@"; do echo "[$w]"; done
for w in $@; do echo "[$w]"; done
for w in "$*"; do echo "[$w]"; done
for w in $*; do echo "[$w]"; done
for w in "x$@y"; do echo "[$w]"; done
IFS=-; echo "$*" $*; IFS=; echo "$*"; unset IFS; echo "$*"
set --
for w in "$@"; do echo "never [$w]"; done
for w in "$*"; do echo "once [$w]"; done
for w in "a$@"; do echo "[$w]"; done
x="$@"; echo "[$x]"
#: command substitution
echo $(echo a b) "$(echo 'c  d')" `echo e` "`echo 'f  g'`"
x=$(printf 'a\n\n\n'); echo "[$x]"
echo $(echo $(echo $(echo deep))) `echo \`echo deeper\``
echo "$(echo "quoted \"inside\"")" "`echo "x\"y"`"
x=$(false); echo $?; x=$(exit 7) ; echo $?
y=1; z=$(y=2; echo $y); echo $y $z
echo $(case a in a) echo case;; esac) $( (echo sub) )
echo "$(cat <<X
in a document
X
)"
#: arithmetic
echo $((1+2*3)) $(( (1 + 2) * 3 )) $((7/2)) $((-7/2)) $((7%3)) $((-7%3))
x=5; echo $((x+1)) $(($x*2)) $((x<<2)) $((x>>1)) $((x&4)) $((x|8)) $((x^1)) $((~x)) $((!x))
echo $((x==5)) $((x!=5)) $((x<6)) $((x>6)) $((x<=5)) $((x>=6)) $((1&&0)) $((1||0))
echo $((x=3)) $x $((x+=2)) $x $((x-=1)) $((x*=3)) $((x/=2)) $((x%=4)) $x
echo $((x<<=2)) $((x>>=1)) $((x|=1)) $((x&=3)) $((x^=7)) $x
echo $((0x10)) $((010)) $((x ? 10 : 20)) $((nothing))
echo $((1 ? 2 : 0 ? 3 : 4)) $((0 && (y=1))) ${y-unset}
echo "$((1 +
2))" $(( $(echo 4) + `echo 5` ))
#: arithmetic of C that POSIX leaves out
x=1; echo $((x++)) $((++x)) $((x--)) $((1, 2)) $x
#: arithmetic of nothing
echo $((  ))
#: arithmetic errors
(echo $((1/0))); echo $?
(echo $((1+))); echo $?
(echo $((08))); echo $?
x=abc; (echo $((x+1))); echo $?
#: patterns
echo *
touch_() { for f; do : >"$f"; done; }
touch_ a.c b.c .hidden 'x y' d1 d2
echo * ; echo *.c ; echo ?.c ; echo [ab].c ; echo [!a].c ; echo .h* ; echo d[0-9]
echo '*.c' "*.c" \*.c *.none [ab
x='*.c'; echo $x "$x"; y=$x; echo "$y"
for f in *; do echo "[$f]"; done
set -f; echo *.c; set +f; echo *.c
case a.c in *.c) echo matched;; esac
#: tilde
HOME=/some/where
echo ~ ~/a "~" '~' \~ a~ ~nobody_there/x
x=~/y; echo $x; x=a:~/b:~; echo $x
echo ${u:-~/d} "${u:-~}"
#: names and numbers
a_1=x; _b=y; echo $a_1$_b ${a_1}${_b}
echo "a$" a$ $ "$ a" $=
