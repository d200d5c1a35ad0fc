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
