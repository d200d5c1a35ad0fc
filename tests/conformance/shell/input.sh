#: fields that read takes
r() { printf "$1" | { IFS=$2 read a b c; echo "$? [$a] [$b] [$c]"; }; }
r 'a b c d\n' ' '; r ' a  b  c  d  \n' ' '; r 'a,b,c,d\n' ,; r 'a,,c\n' ,; r ',a,b,\n' ,; r 'a,b,c,\n' ,; r 'a,b,c,,\n' ,; r 'a , b , c\n' ' ,'; r ' , a\n' ' ,'; r 'a b\n' ''; r '\n' ' '; r '  \n' ' '; r ',\n' ,; r 'a' ' '; r '' ' '; r 'a b c   d  e  \n' ' '; r 'a:b c:d\n' :; r 'a	b\n' '	'
#: backslashes that read takes
r() { printf '%s\n' "$@" | { read a b; printf '[%s] [%s]\n' "$a" "$b"; }; }
r 'a\ b c'; r 'a\\ b'; r 'a\' b; r 'a\b c\d'; r '\'; r 'a b\ '; r 'a\  b'; r '\ a b'; r 'a \
b c'
printf 'a\\ b\\\n' | { read -r a b; printf '[%s] [%s]\n' "$a" "$b"; cat; }; printf 'a\\:b:c\n' | { IFS=: read a b; echo "[$a] [$b]"; }
#: read leaves the rest
printf '1\n2\n3\n' | { read a; (read b; echo $b); read c; echo $a $c; read d; echo $? "[$d]"; }
printf 'a\nb\n' >f; { read x; cat; } <f; exec 3<f; read x <&3; read y <&3; read z <&3; echo $? $x $y "[$z]"; exec 3<&-; while read l; do echo $l; read m; echo $m; done <f
#: read into several and none
echo a b | { read x; echo $x; }; echo 1 2 3 4 | { read a b; echo "$b"; }; echo x | { read 1a 2>/dev/null; [ $? -ne 0 ] && echo wrong; }; readonly q=1; echo x | (read q; echo never) 2>/dev/null; [ $? -ne 0 ] && echo fixed
#: getopts in all its forms
o() { OPTIND=1; while getopts "$s" x; do printf '%s:%s ' "$x" "${OPTARG-}"; done; shift $((OPTIND-1)); echo "rest $*"; }
s=ab:c; o -a -b v -c; o -abv -c r; o -ab v r; o -b; o -b -- r; o -z; o -az r; o - r; o -- -a; o r -a; o -a -- -c; o; o -cab v
s=:ab:c; o -b; o -z; o -az -b; o -b v -a; s=:; o -a; s=a; o -aa -a; o ''; o -a ''
#: getopts from call to call
set -- -a -b x y; OPTIND=1; getopts ab: q; echo $q $OPTIND; getopts ab: q; echo $q $OPTARG $OPTIND; getopts ab: q; echo $? $q $OPTIND; OPTIND=1; getopts ab: q; echo $q; getopts a q -a -a; echo $q
set -- -abc; OPTIND=1; getopts abc q; getopts abc q; echo $q; OPTIND=1; getopts abc q; echo $q; getopts 2>/dev/null; [ $? -ne 0 ] && echo wrong; getopts a 1x 2>/dev/null; [ $? -ne 0 ] && echo wrong
#: getopts in the middle of an argument
set -- -abc; getopts abc x; echo $OPTIND
#: fractions
printf '%f %.2f %.0f %8.3f|%-8.1f|%+f %08.2f % .1f\n' 1.5 2.345 2.5 3.14159 2.25 1 -1.5 2
printf '%e %.3e %E %.0e\n' 12345.678 0.00012 1e100 5; printf '%g %g %g %g %g %.3g %G %#g\n' 100000 1000000 0.0001 0.00001 1e-5 3.14159 1e-10 1
printf '%f %f %f %e\n' 0.1 1e20 123456789012345678 5e-300; printf '%.20f %.17g %.1f %.1f\n' 0.1 0.1 0.25 0.35; printf '%f %f %f\n' inf -inf nan; printf '%5f|%-5f|%05f\n' inf nan inf; printf '%f\n' "'A"; printf '%f\n'; printf '%f\n' 0x1f
printf '%f\n' 1.5x 2>/dev/null; echo $?; printf '%f\n' x 2>/dev/null; echo $?; printf '%f %f\n' 1 2 3; printf '%.*f|%*.*f|%-*d|\n' 2 1.5 8 3 2.5 4 7; printf '%*s|%*s|\n' 5 a -5 b
#: numbers and text of printf
printf '%d %i %u %o %x %X %#o %#x\n' -7 +7 7 8 255 255 8 255; printf '%5d|%-5d|%05d|%+d|% d|%.3d|%8.3d|%-8.3d|\n' 1 2 3 4 5 6 7 8; printf '%s|%5s|%-5s|%.2s|%5.1s|\n' a b c def ghi; printf '%c%c|\n' abc d; printf '%b|%5b|\n' 'a\tb' 'c\n'; printf '%%|%5d%%\n' 3; printf '%d %s\n' 1 a 2 b 3; printf 'no arguments\n' a; printf '%s\n'; printf '%d\n' ''; printf '%d\n' 0x1F 017 "'a" '"b'; printf '\a\b\f\v\r\t\\\101\060\n'; printf '%b' '\101\0101\x' ; echo; printf '%s %s %s\n' "a b" c; printf '%i\n' 99999999999999999999 2>/dev/null; echo $?
#: shift, unset and readonly in their corners
set -- a b c; shift 0; echo $#; shift 3; echo $#; (shift 1) 2>/dev/null; [ $? -ne 0 ] && echo wrong; x=1; f() { unset x; echo ${x-gone}; }; f; unset nothing; echo $?; f() { echo f; }; f=1; unset f; f; unset -f f; f 2>/dev/null; echo $?; readonly a=1 b; readonly -p | grep -c 'a='; (a=2) 2>/dev/null; [ $? -ne 0 ] && echo fixed; (unset a) 2>/dev/null; [ $? -ne 0 ] && echo fixed; export a; sh -c 'echo $a; a=2; echo $a'
#: unfinished commands on the input
printf 'f() {\n  echo in f\n}\nf\ncat <<E\na\nb\nE\necho "x\ny"\nif true\nthen echo z\nfi\n' | sh
printf 'case a in\na) echo c;;\nesac\ncat <<\\E\n$x\nE\ncat <<-"F"\n\tt\n\tF\nwhile read l; do\necho $l\ndone <<G\n1\n2\nG\n' | sh
printf 'echo $(\necho sub\n) `\necho back\n` ${x-a\nb}\nfor i in 1 2\ndo\nfor j in a\ndo echo $i$j\ndone\ndone\n{\necho g\n}\n(\necho s\n)\necho a &&\necho b |\ncat\n' | sh
