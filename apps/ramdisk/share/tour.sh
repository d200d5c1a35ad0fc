# The tour of `help tour`. Each step tells something and waits for a line that does what it asks for; lines are run
# here, so that what they leave behind can be looked at.

steps=9
step=0

say() {
  printf '%s\n' "$@"
}

# What comes next, in words.
tell() {
  step=$((step + 1))
  printf '\n\033[1;36m[%s/%s]\033[0m ' "$step" "$steps"
  say "$@"
}

# Runs lines until one makes the check true. `hint` is said after those that do not.
wait_for() {
  while :; do
    printf '\033[1;32mtour:%s$\033[0m ' "$PWD"
    IFS= read -r line || exit 0
    case $line in
      '') continue ;;
      quit | exit)
        say 'The tour ends here; `help tour` begins it again.'
        exit 0
        ;;
      skip) return 0 ;;
    esac
    eval "$line"
    if (eval "$1"); then return 0; fi
    say "Not yet: $2"
  done
}

say 'Welcome to the tour. It takes about five minutes. Type what is between the quotes, then Enter;' \
  'anything else works here, too. `skip` goes to the next step, `quit` ends the tour.'

tell 'Files are in directories, as elsewhere. See what is in the topmost one: "ls /"'
wait_for 'case $line in ls*/*) ;; *) false ;; esac' 'the line is "ls /".'

tell 'ls -l tells more, and every command explains itself: "ls --help"'
wait_for 'case $line in *--help*) ;; *) false ;; esac' 'any command with --help behind it will do.'

tell 'Everything is in memory, so you can break nothing that the next start does not mend. Make a' \
  'directory of your own and go there: "mkdir -p /tmp/tour && cd /tmp/tour"'
wait_for '[ "$PWD" = /tmp/tour ]' 'the prompt should say /tmp/tour.'

tell 'What a command prints can go to a file: "echo pearl > shell"'
wait_for '[ -s /tmp/tour/shell ]' 'there is no file named "shell" here, or nothing is in it.'

tell 'And to another command: "ls /bin | sort -r | head -n 3"' \
  'On a keyboard, Tab completes names, Up brings back lines, and Ctrl-R searches among them.'
wait_for 'case $line in *\|*) ;; *) false ;; esac' 'the sign between the commands is |.'

tell 'Programs are WebAssembly files, unmodified, each in a sandbox: "hello you | wc"'
wait_for 'case $line in *hello*) ;; *) false ;; esac' 'the program is named hello.'

tell 'You can watch one ask the system for things, call by call: "trace hello"'
wait_for 'case $line in trace*) ;; *) false ;; esac' 'put trace in front of it.'

tell 'The shell is a language: "for n in 1 2 3; do echo $((n * n)); done"'
wait_for 'case $line in for*done*) ;; *) false ;; esac' 'it begins with for and ends with done.'

tell 'The machine tells about itself, too, in commands and in files: "cat /proc/meminfo"'
wait_for 'case $line in *proc*) ;; *) false ;; esac' 'look at a file in /proc.'

cd /
rm -rf /tmp/tour
printf '\n'
say 'That was the tour. `help` lists all commands; `maze` and `snake` are games that Esc leaves; Alt-F2' \
  'is another shell, where there is a screen. `poweroff` is how it ends.'
