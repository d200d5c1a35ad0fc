#: ls
mkdir d; echo x >d/b; echo xxxx >d/a; : >d/.h; mkdir d/sub; : >d/sub/in; ls -1 d; ls -A d; ls -a d; ls -r d; ls -S d/a d/b; ls -d d d/a; ls -R d; ls -F d; chmod +x d/a; ls -F d; ln -s b d/l; ls -F d; touch -d 2001-01-01 d/a; touch -d 2002-02-02 d/b; ls -t d/a d/b; ls -tr d/a d/b; ls -ld d | cut -c 1; ls d/a d/sub; ls -d; ls nothing 2>/dev/null; [ $? -ne 0 ] && echo none
#: modes of ls
mkdir c; chmod 700 c; chmod a+X c; ls -ld c | cut -c 1-10; : >c/e; chmod -R 711 c; ls -ld c c/e | cut -c 1-10; umask 077; mkdir e; ls -ld e | cut -c 1-10; mkdir -m 751 f; ls -ld f | cut -c 1-10; mkdir -p g/h; ls -ld g/h | cut -c 1-10; mkdir -pm 700 g/h i/j; ls -ld i/j | cut -c 1-10
#: cp
echo a >a; echo b >b; cp -n a b; cat b; cp -f a b; cat b; echo n | cp -i a b 2>/dev/null; mkdir -p d/e; echo x >d/e/f; ln -s f d/e/l; cp -R d c; find c | sort; cp -a d g; ls -l g/e | grep -c -e '->'; touch -d 2001-02-03 a; chmod 600 a; cp -p a p; stat -c '%a %Y' p; cp -v a q | grep -c q; cp a b d; ls d; cp a nothing/x 2>/dev/null; [ $? -ne 0 ] && echo failed; cp d z 2>/dev/null; [ $? -ne 0 ] && echo failed; echo z >a; echo y | cp -i a b 2>/dev/null; cat b
#: mv and rm
echo a >a; echo b >b; mv -n a b; ls; mv -f a b; ls; cat b; echo c >c; echo n | mv -i c b 2>/dev/null; ls; mv -v c e | grep -c e; mkdir d; : >d/x; mv b e d; ls d; echo n | rm -i d/x 2>/dev/null; ls d; echo y | rm -i d/x 2>/dev/null; ls d; rm -r d; ls; rm -f none; echo $?; rm -rf none d; echo $?; mkdir f; rm f 2>/dev/null; [ $? -ne 0 ] && echo directory; rm -R f; ls
#: touch
touch -t 200102030405.06 a; stat -c %Y a; touch -d '2001-02-03 04:05:06' b; stat -c %Y b; touch -r a c; stat -c %Y c; touch -m -d @1000 c; stat -c '%X %Y' c; touch -a -d @2000 c; stat -c '%X %Y' c; touch -c none; ls; touch -t 1 a 2>/dev/null; [ $? -ne 0 ] && echo wrong; touch -t 0203040506 d; stat -c %Y d; touch -t 9902030405 d; stat -c %Y d
#: stat
echo abc >a; chmod 640 a; stat -c '%n %s %a %A %F %h' a; mkdir d; stat -c '%A %F' d; ln -s a l; stat -c '%F' l; stat -L -c '%s' l; : >e; stat -c %F e; stat -c '%%' a
#: head and tail
seq 20 >f; seq 3 >g; head -n 3 f; head -c 5 f; head -n 1 f g; head -q -n 1 f g; head -v -n 1 f; tail -n 2 f; tail -n +19 f; tail -c 4 f; tail -c +48 f; tail -n 1 f g; tail -q -n 1 f g; tail -v -n 1 f; printf 'a\nb' | tail -n 1; printf 'a\nb' | head -n 5; printf 'a\nb' | tail -n 1 | wc -c; seq 100000 | tail -n 3; seq 100000 | tail -c 7; tail -n 0 f; tail -n 100 g; head -n 0 f; seq 10 | { head -n 2 >/dev/null; cat | wc -l; } >/dev/null; { head -n 2; cat; } <g; tac g; printf '' | tail; printf '\n\n' | tail -n 1
#: wc
printf 'ab c\ndef\n' >f; wc -l <f; wc -w <f; wc -c <f; wc -m <f; wc -L <f; printf 'no end' | wc -l
#: grep
printf '%s\n' foo bar 'foo bar' food FOO xfoo >f; grep -w foo f; grep -o 'o*' f; grep -c foo f; grep -i foo f; grep -n bar f; grep -v foo f; grep -x foo f; grep -e bar -e FOO f; grep -E 'f(o+)d|^bar$' f; grep -F 'o b' f; grep -q none f; echo $?; grep foo f nothing 2>/dev/null >/dev/null; echo $?; grep -s foo nothing; echo $?; grep -h bar f f; grep -H bar f; grep -l foo f f; grep -L foo f; grep -m 2 foo f; grep -c -v foo f; printf 'bar\nFOO\n' >p; grep -f p f; grep 'a
F' f; grep -wo foo f; grep -on o f | head -n 3; grep -e '' f | wc -l; mkdir d; echo foo >d/x; grep -r foo d; grep -rh foo d; grep -rl foo d; printf '' | grep -c x; grep -vc . f
#: grep around
seq 20 >f; grep -A 1 5 f; grep -B 1 5 f; grep -C 1 -e 5 -e 9 f; grep -n -A 1 7 f; grep -A 2 -m 1 1 f; grep -c -A 2 3 f; grep -B 2 -e 4 -e 10 f; grep -A 1 -v 1 f | head -n 4
#: sort
printf '%s\n' b,2 a,10 c,1 a,9 >f; sort f; sort -t , -k 2n f; sort -t , -k 2,2nr f; sort -t , -k 1,1 -k 2,2n f; sort -t , -s -k 1,1 f; sort -r f; sort -u -t , -k 1,1 f; sort -o f f; cat f; sort -c f; echo $?; printf 'b\na\n' | sort -c 2>/dev/null; echo $?; printf '%s\n' 10 9 1.5 -2 +3 '' x | sort -n; printf '%s\n' 1K 2M 500 1G 3K | sort -h; printf '%s\n' B a C b A | sort -f; printf '%s\n' ' b' a '  c' | sort -b; printf '%s\n' a.b ab a-c | sort -d; printf '%s\n' 'x  b' 'x a' | sort -k 2; printf '%s\n' 'x  b' 'x a' | sort -b -k 2; printf '%s\n' ab1 aa2 | sort -k 1.3; printf '%s\n' ab1 aa2 | sort -k 1.2,1.2; printf '%s\n' a A a | sort -fu; printf '%s\n' 3 1 2 3 | sort -nru; printf 'b\na' | sort; sort -t , -k 2,2n -k 1,1r f
#: uniq
printf '%s\n' a A b b 'x 1' 'y 1' 'z 2' >f; uniq f; uniq -i f; uniq -c f; uniq -d f; uniq -u f; uniq -f 1 f; uniq -s 2 f; uniq f g; cat g; uniq -ci f
#: cut
echo 'a:b:c:d' | cut -d : -f 1,3; echo 'a:b:c' | cut -d: -f2-; echo abcdef | cut -c 2-4; echo abcdef | cut -b 1,6; printf 'a\tb\n' | cut -f 2; printf 'x\n' | cut -d : -f 2; printf 'x\n' | cut -s -d : -f 2; echo abc | cut -c 5-; echo abcdef | cut -c -2,4-; echo abc | cut -c 0 2>/dev/null; [ $? -ne 0 ] && echo wrong
#: tr
echo 'Hello World' | tr '[:lower:]' '[:upper:]'; echo hello | tr a-y b-z; echo 'a  b   c' | tr -s ' '; echo a1b2c3 | tr -d '[:digit:]'; echo abc123 | tr -cd '0-9\n'; echo 'a,b;c' | tr ',;' '\n\t'; echo abc | tr abc x; echo aabbcc | tr -s a-c; echo 'a b' | tr ' ' '\012'; echo hello | tr -d l; echo 'x-y' | tr - _; echo abcabc | tr -s abc xyz; echo 'tab	here' | tr '\t' ' '; echo '[a]' | tr '[]' '()'; echo AbC | tr -C 'a-z\n' .; echo "a'b" | tr -d "'"; echo aXbX | tr -ds X a
#: seq
seq 3; seq 2 4; seq 1 2 7; seq 5 -2 1; seq -s , 3; seq -w 8 11; seq 3 1; seq -2 1; seq -w -1 10 | head -n 3; seq 1 1
#: tee
echo a | tee x y; cat x y; echo b | tee -a x >/dev/null; cat x; echo c | tee nothing/x 2>/dev/null; [ $? -ne 0 ] && echo failed
#: find
mkdir -p d/e/f; echo x >d/a.c; : >d/e/b.C; seq 1000 >d/e/f/c.c; ln -s a.c d/l; find d | sort; find d -name '*.c' | sort; find d -iname '*.c' | sort; find d -type f | sort; find d -type l; find d -type d -name e; find d -maxdepth 1 | sort; find d -mindepth 2 | sort; find d -type f -size +2k; find d -empty | sort; find d ! -type d | sort; find d -name a.c -o -name b.C | sort; find d '(' -name a.c -o -name f ')' -print | sort; find d -name '*.c' -exec echo found {} ';' | sort; find d -name '*.c' -exec echo {} + | tr ' ' '\n' | sort; find d -path '*/e/*' | sort; find d -print0 | tr '\0' '\n' | sort; touch -d 2001-01-01 old; touch -d 2002-01-01 new; find old new -newer old; find old -mtime +1; find old -mtime -1; find d -name e -prune -o -print | sort; find d -type f -name '*.c' -a -size -2; find d -name f -exec false ';' -print; find d -depth -type d; find d -name '*.C' -delete; find d -name '*.C'; find d -type f -exec cat {} + | wc -l; find nothing 2>/dev/null; [ $? -ne 0 ] && echo none; find d -nosuch 2>/dev/null; [ $? -ne 0 ] && echo wrong; rm new; find d/a.c d/l -type f; find d -not -name '*.c' -type f; find d -name 'a*' -exec echo {}-{} \; ; find d -delete; ls
#: xargs
echo 1 2 3 | xargs echo; seq 5 | xargs -n 2 echo; printf "a 'b c' \"d e\" f\\\\ g\n" | xargs -n 1 echo; printf 'a\0b c\0' | xargs -0 -n 1 echo; seq 2 | xargs -I X echo '<X>' X; printf '' | xargs echo empty; printf '' | xargs -r echo never; echo a | xargs false; echo $?; echo a | xargs nothing_such 2>/dev/null; echo $?; seq 3 | xargs; echo "a'b" | xargs echo 2>/dev/null; [ $? -ne 0 ] && echo open
#: names
basename /a/b/c.txt; basename /a/b/c.txt .txt; basename a/; basename /; basename c.txt c.txt; dirname /a/b/c; dirname a; dirname /a; dirname a/b/; dirname /; dirname a//b
#: cmp
echo abc >a; echo abd >b; cmp a a; echo $?; cmp a b; echo $?; cmp -s a b; echo $?; cmp -l a b; cmp a nothing 2>/dev/null; echo $?; echo abc | cmp - a; echo $?; printf ab >c; cmp a c 2>/dev/null; echo $?
#: date
date -u -d @86400 +%F; date -u -d '2024-02-29 12:30:15' '+%Y %m %d %H %M %S %j %u'; date -u -d 2000-01-01 +%s; date -d nonsense 2>/dev/null; [ $? -ne 0 ] && echo wrong
#: sleep with fractions
sleep 0.01; echo $?; sleep 0; echo $?; sleep x 2>/dev/null; [ $? -ne 0 ] && echo wrong
#: yes
yes | head -n 2; yes a b | head -n 1
#: unknown options
for c in ls cp mv rm ln mkdir touch head tail wc grep sort uniq cut tee find xargs cmp; do $c -Q x y >/dev/null 2>&1; [ $? -ne 0 ] || echo $c; done
#: du
mkdir d; seq 300 >d/a; du -s d | cut -f 2; du -a d | cut -f 2; du -h d | cut -f 2
#: tree of files with odd names
mkdir d; : >'d/a
b'; : >"d/c d"; : >d/-x; find d -type f | wc -l; find d -name '* *'; ls d | wc -l >/dev/null; rm d/-x; rm d/*; ls d; : >-y; rm -- -y; ls
