#!/bin/sh
# `npm start`. Where all is installed this shell becomes the program, so no process waits for another. Else, as with a
# lock file that is newer, `bootstrap.mjs` installs first. It says what is looked at here: the stamp, and which Node can.

cd "$(dirname "$0")/../.." || exit 1
case "$(node --version 2> /dev/null)" in
  v24.1[2-9].* | v24.[2-9][0-9].* | v2[5-9].* | v[3-9][0-9].*) node=$(command -v node) ;;
  *) node=$(echo "$PWD"/node_modules/node-*-*/bin/node) ;;
esac
if test -x "$node" && test node_modules/.arena-stamp -nt package-lock.json; then
  if test -z "$NODE_COMPILE_CACHE"; then
    # What Node makes of the source is run at the next start: no one else may put anything there.
    export NODE_COMPILE_CACHE="$PWD/.arena/compile-cache"
    (umask 077 && mkdir -p "$NODE_COMPILE_CACHE" && chmod 700 "$NODE_COMPILE_CACHE") 2> /dev/null
  fi
  # The supervisor keeps little; room for what is young and soon dropped would stay with it.
  exec "$node" --max-semi-space-size=1 server/cli/up/choose.mjs "$@"
fi
exec node server/cli/bootstrap.mjs up "$@"
