echo "hello $1, $2 in ${PWD##*/}"
