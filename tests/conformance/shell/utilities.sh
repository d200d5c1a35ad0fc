#: head and tail
seq 15 | head -n 2; seq 15 | tail -n 2; seq 15 | head | tail -n 1; seq 15 >f; tail -n 1 f; head -c 4 f
seq 3 | head -n 0; seq 3 | tail -n 5
#: sort and uniq
printf '%s\n' b A a 10 9 -3 '' b | sort
printf '%s\n' 10 9 -3 2 | sort -n; printf '%s\n' a c b | sort -r; printf '%s\n' a b a | sort -u
printf '%s\n' 'x 2' 'y 1' | sort -k 2; printf '%s\n' x:10 y:9 | sort -t : -k 2 -n
printf '%s\n' a a b a | uniq; printf '%s\n' a a b | uniq -c; printf '%s\n' a a b | uniq -d; printf '%s\n' a a b | uniq -u
#: cut and tr
echo a:b:c:d | cut -d : -f 2,4; echo a:b:c:d | cut -d : -f 2-; echo abcdef | cut -c 1,3-4; echo none | cut -d : -f 2
echo Hello | tr a-z A-Z; echo aabbcc | tr -s ab; echo a1b2 | tr -d 0-9; echo 'a b c' | tr ' ' '\n'
echo abc | tr abc x; echo 'x,y' | tr -c 'a-z\n' _
#: counting
printf 'a b\nc\n' | wc -l; printf 'a b\nc\n' | wc -w; printf 'a b\nc\n' | wc -c; seq 3; seq 2 4; seq 5 -2 1
#: files
mkdir d; echo x >d/a; cp d/a d/b; ls d; mv d/b d/c; ls d; rm d/a; ls d; mkdir -p e/f/g; find e; rmdir e/f/g; find e
cp -r d e; ls e; rm -r e; ls; ln -s d l; cat l/c; touch t; [ -f t ] && echo there; rm -f none; echo $?
rm none 2>/dev/null; echo $?; mkdir d 2>/dev/null; echo $?; rmdir nothing 2>/dev/null; echo $?
#: tee and env
echo x | tee a b; cat a b; echo y | tee -a a; cat a
env x=1 sh -c 'echo $x'; y=2 env | grep '^y='
#: grep
printf '%s\n' one two three | grep o; printf '%s\n' one two | grep -c o; printf 'a\n' | grep -q b; echo $?
#: find
mkdir -p p/q; : >p/x.c; : >p/q/y.c; : >p/z; find p -name '*.c' | sort; find p -type d | sort
#: cat with additions
printf 'a\tb\n\n\n\nc\001\177\200\211d\n\nend' >a; for o in -n -b -s -E -e -T -t -v -A -nsE -bA '-s -n' -u; do echo "($o)"; cat $o a; echo; done; printf 'x\n' >b; cat -n b b a | head -n 3; printf x >b; cat -n b b; cat -n </dev/null; cat -n b none 2>/dev/null; echo $?; cat -s - a <a | grep -c c
#: directories that are empty
mkdir -p a/b/c d e/f; rm -d d; echo $?; rm -d e 2>/dev/null; echo $?; rmdir -p a/b/c; echo $?; ls; mkdir -p a/b/c a/x; rmdir -p a/b//c/ 2>/dev/null; echo $?; ls -R a; : >g; rm -d g; ls -p; rmdir -p ./a/x 2>/dev/null; echo $?; ls
#: sort by places
printf '%s\n' 'a  b' 'a c' | sort -b -k2.2; printf '%s\n' 'x  b' 'x a' | sort -k 1.2b; printf '%s\n' ' b' a | sort -b
printf '%s\n' 'b 1' 'a 1' 'c 0' | sort -k2,2n -k1,1r; printf '%s\n' b a | sort -C; echo $?; printf '%s\n' a b | sort -m
#: sort that fails
sort none; echo $?; sort -c none; echo $?; echo b >f; sort -o f f none; echo $?; cat f
printf 'a:b\n' | sort -t '\t'; echo $?; sort -t '' f; echo $?; sort -k x f; echo $?; sort -o none/f f; echo $?
#: sort into a link
echo x >g; ln -s g l; chmod 700 g; printf 'b\na\n' | sort -o l; cat g; [ -L l ] && echo link; stat -c %a g
printf 'b\na\n' >h; sort -o h h; cat h; ln -s new m; sort -o m h; cat new
#: grep and its input
echo x | grep -c x; echo x | grep -l x; echo x | grep -H x; printf 'ab' | grep -x ab; printf '\n' | grep -c ''
echo a >p; echo b >q; printf 'a\nb\nc\n' | grep -f p -f q; printf 'a\nb\nc\n' | grep -f p -e c
printf 'a\n' | grep -f - p q; printf '' | grep -f - p; echo $?; printf '\n' | grep -c -f - p
#: grep of several patterns
printf 'abcabc\n' | grep -o -e b -e zz -e c; printf 'foo bar_ foo\n' | grep -ow foo; echo 'ab abc' | grep -ow 'ab*c*'
seq 20 | grep -B 3 -e 7 -e 9 -e 17; seq 10 | grep -C1 -e 3 -e 4 -e 9; seq 10 | grep -B2 -m1 5; seq 9 | grep -n -B 9 3
#: grep below directories
mkdir d; echo x >d/a; grep -r x; grep -r x d; ln -s d l; grep -r x l; grep -r y; echo $?; grep -rq x none d 2>/dev/null; echo $?
#: find asks
touch a b; printf 'y\nn\n' | find a b -ok echo {} ';' 2>/dev/null; find . -type s; find . -type p -o -type b
#: find that ends early
mkdir a b; find a b -print -quit; find a b -type f -quit; find . -name c -quit -o -quit -print; find a -exec echo {} + -quit
#: find that fails
find none -print; [ $? -gt 0 ] && echo failed; find . -newer none; [ $? -gt 0 ] && echo failed
find . -ok echo {} +; [ $? -gt 0 ] && echo failed; find . -mmin x; [ $? -gt 0 ] && echo failed
#: xargs by lines
printf 'a b\n c  d \n\ne\n' | xargs -I {} echo '[{}]'; printf "'a  b' c\\\\ d\n" | xargs -I x echo '<x>'
printf 'a\nb' | xargs -0 -I {} echo '[{}]'
#: xargs and quotes
printf "it's\nthat's\n" | xargs -n 1 echo; echo $?; printf "a 'b" | xargs -n 1 echo; echo $?
#: xargs and failures
seq 3 | xargs -n 1 nosuch; echo $?; seq 3 | xargs -n 1 sh -c 'echo $0; exit 255'; echo $?
seq 3 | xargs -n 1 sh -c 'echo $0; exit 3'; echo $?; seq 3 | xargs -n 0 echo; [ $? -gt 0 ] && echo failed
#: head and tail of old
seq 20 | head -2; seq 20 | tail -2; seq 20 >f; head -3 f; tail -1 f
seq 10 | head -n -7; head -n -30 f; head -c -45 f; printf 'a\nb' | head -n -1; seq 20 | tail -n -2
#: many last lines
seq 100000 | tail -n 20000 | head -n 1; seq 100000 | tail -c 100000 | head -n 2; seq 100000 | head -n -99998
seq 3 | tail -f
#: tr and sets
echo 'Hello, World  foo' | tr -cs '[:alpha:]' '[\n*]'; echo aabb..cc | tr -cs a-z; echo abc | tr -c 'a-z\n' x
echo abcd | tr a-d '[x*2]yz'; echo abcd | tr abcd '[x*]z'; echo abcd | tr a-d 'x[y*010]z'
echo aabb | tr -ds a b; echo xyz | tr -c 'y\n' ab | tr b -
#: tr that fails
echo abc | tr c-a x; [ $? -gt 0 ] && echo failed; echo abc | tr abc ''; [ $? -gt 0 ] && echo failed
#: cut and lists
printf 'a:b:c\n' | cut -d : -f '1 3'; printf 'a:b\n' | cut -d :: -f 1; [ $? -gt 0 ] && echo failed
#: uniq of few fields
printf '  x a\ny  a\n' | uniq -f 18446744073709551615; printf 'a b\na c\n' | uniq -f 1
#: seq as typed
seq -s, 3; seq -s ', ' 3; seq 08 11; seq -w 08 11; seq -3; seq -w -1 1; seq -ws : 9 10; seq +2 3; seq -- 2
seq -x; [ $? -gt 0 ] && echo failed; seq -s; [ $? -gt 0 ] && echo failed
#: tee goes on
mkdir d; echo x | tee d f; echo $?; cat f
#: cmp that fails
echo a >x; cmp x none; echo $?; cmp - x <&-; echo $?; cmp x .; echo $?; cmp -s x x none; [ $? -gt 0 ] && echo failed
#: chmod of trees
mkdir -p d/e; touch d/e/f; ln -s f d/e/l; chmod -R -- go-rwx d; echo $?; stat -c %a d d/e d/e/f; chmod -R u+x d/e/f none; echo $?
#: numbers of printf
printf '%d|' 5 ' 6' +7 -8 0x1F '' "'a"; printf '%d|' 9223372036854775808; echo $?; printf '%d|' -9223372036854775809; echo $?
printf '%d|' 1x; echo $?; printf '%d|' ' 5x'; echo $?; printf '%d|' 0x1g; echo $?; printf '%d|' 08; echo $?
printf '%u|' 18446744073709551615 -1; printf '%u|' 18446744073709551616; echo $?; printf '%x|' 0xffffffffffffffff
printf '[%.0d][%.d][%.0x][%#.0o][%5.0d]' 0 0 0 0 0; printf '%#x|%#o|%#.3o|%#o|' 0 0 8 8; printf '%.1f|' 0X10 -0x10
printf '%f|' 1e400; echo $?; printf '%f|' inf; echo $?
printf '[%*d][%-*d][%.*d][%*d]' 5 1 5 1 3 1 -5 1
#: read and mixed separators
IFS=' :'; echo 'a b : ' | { read x y; echo "[$x][$y]"; }; echo 'a : b : c' | { read x y; echo "[$x][$y]"; }
echo 'a b :: ' | { read x y; echo "[$x][$y]"; }; echo 'a b' | { read x y; echo "[$x][$y]"; }
#: sort by places without blanks
printf '%s\n' ' b' a | sort -t ' ' -k 1b,1.1; printf '%s\n' ' b.' '1' | sort -b -d -t ' '; printf '%s\n' 'a  x' 'b y' | sort -k 2b,2.1
printf '%s\n' 'a  x' 'b y' | sort -k 2.1,2.2b; printf '%s\n' '  b 2' ' a 1' | sort -t ' ' -k 2.1b,2.1b
#: groups of grep in several files
printf 'a\nb\n' >f; grep -A 1 a f f; grep -A 0 . f f; grep -C 1 b f f; grep -h -B 1 b f f; grep a f f
printf 'bb..\n\na\n' | grep -w ''; printf 'a\n' | grep -w '$'; echo $?; printf 'a.b\n\n' | grep -cw '$'
#: chmod of all and of others
touch f; chmod 6755 f; chmod =rx f; stat -c %a f; chmod o=t f; stat -c %a f; chmod a+s,=u f; stat -c %a f; chmod o+t,u=rwx f; stat -c %a f
#: xargs and the last backslash
printf 'a\n\\' | xargs -n 1 echo; printf '\\\n' | xargs -n 1 echo
#: xargs and the input of commands
seq 1000 | xargs -n 400 sh -c 'cat; echo $0 $#'; seq 3 >f; { head -n 1 | xargs echo; cat; } <f; echo x | xargs cat 2>/dev/null; echo $?
#: sort by what prints
printf 'b\001a\nbb\n\002a\nab\n' | sort -i -s; printf '[x]\naXb\n_\nB\na\n' | sort -f; printf 'a\nA\n[\n' | sort -fu
#: seq with fractions
seq 1 0.5 3; seq 1.0 3; seq 0.1 .05 0.2; seq -w 1 0.5 10 | head -n 2; seq 2 -.5 0.9; seq -w -1 .25 0; seq 1 2.5; seq 0 0.1 1 | tail -n 1; seq -s ' ' 1.5 3; seq 1.2.3; [ $? -gt 0 ] && echo failed; seq 1 .; [ $? -gt 0 ] && echo failed; seq 1 0.0 2; [ $? -gt 0 ] && echo failed; seq 3 1; seq -- -2; seq -2 -1; seq 8 -0.75 6.5
#: names of inputs
echo a >f; wc -c f - <f | tail -n 2 | tr -d ' '; wc -l <f; wc -l - <f | tr -d ' '
#: printf of characters
printf '%d %d %d\n' "'a" '"' "'"; printf '%c%c|%3c|' '' a ''; printf '%d\n' "'aé"
