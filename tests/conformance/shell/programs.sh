#: factorial
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(($1 * $(fact $(($1 - 1))))); fi; }
fact 10
#: fibonacci
a=0 b=1 n=0
while [ $n -lt 20 ]; do
  printf '%s ' $a
  t=$((a + b)) a=$b b=$t n=$((n + 1))
done
echo
#: primes
for n in 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  d=2 is=1
  while [ $((d * d)) -le $n ]; do
    if [ $((n % d)) -eq 0 ]; then is=0; break; fi
    d=$((d + 1))
  done
  if [ $is = 1 ]; then printf '%d ' $n; fi
done
echo
#: words counted
count() {
  total=0
  while read -r line; do
    for word in $line; do total=$((total + 1)); done
  done
  echo $total
}
count <<END
the quick brown fox
  jumps   over

the lazy dog
END
#: options of a script
usage() { echo "usage: $1"; return 2; }
main() {
  verbose=no output=
  OPTIND=1
  while getopts vo: option; do
    case $option in
      v) verbose=yes ;;
      o) output=$OPTARG ;;
      *) usage main; return ;;
    esac
  done
  shift $((OPTIND - 1))
  echo "verbose=$verbose output=$output rest=$*"
}
main -v -o file a b
main c
main -ofile -v --
main -x 2>/dev/null
echo $?
#: stack
push() { eval "stack_$depth=\$1"; depth=$((depth + 1)); }
pop() { depth=$((depth - 1)); eval "popped=\$stack_$depth"; }
depth=0
push one; push 'two words'; push three
pop; echo "$popped"; pop; echo "$popped"; pop; echo "$popped"
#: table
while IFS=: read -r name id rest; do
  case $name in '#'*) continue ;; esac
  printf '%-8s %4d %s\n' "$name" "$id" "${rest:-none}"
done <<'END'
# comment
root:0:admin
user:1000:
guest:99:a:b
END
#: hanoi
hanoi() {
  [ "$1" -eq 0 ] && return
  hanoi $(($1 - 1)) "$2" "$4" "$3"
  moves=$((moves + 1))
  hanoi $(($1 - 1)) "$4" "$3" "$2"
}
moves=0; hanoi 5 a b c; echo $moves
#: reversed arguments
reverse() { r=; for a; do r="$a${r:+ $r}"; done; echo "$r"; }
reverse a b c 'd e'
#: paths taken apart
for p in /usr/lib/libc.so.6 file.txt dir/ /; do
  dir=${p%/*} base=${p##*/}
  [ "$dir" = "$p" ] && dir=.
  echo "[$dir] [$base] [${base%.*}] [${base##*.}]"
done
#: generated code
for op in + - '*'; do
  eval "calc() { echo \$((\$1 $op \$2)); }"
  calc 7 3
done
#: filters in a row
{ echo 3; echo 1; echo 2; } | {
  min=
  while read n; do
    if [ -z "$min" ] || [ "$n" -lt "$min" ]; then min=$n; fi
  done
  echo "min $min"
} | { read a b; echo "$b $a"; }
