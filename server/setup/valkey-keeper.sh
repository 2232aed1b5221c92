#!/bin/sh
# Becomes the server that its arguments name, once something waits beside it that ends it when the process that asked
# for it is gone: a server would outlive a killed parent. Run by `embedded-valkey.ts` as the leader of a group, with the
# parent at the other end of descriptor 3, and the server's LD_LIBRARY_PATH as the first argument.

# Its files hold what no player may know yet; it makes new ones at each rewrite.
umask 077

# A line says that the server has ended. Without one the channel ends with the parent; then no process may be left in
# the group, be it the server or a script that started it.
(read -r _ <&3 || kill -s TERM -- "-$$") > /dev/null 2>&1 &

# For the server alone: what it brings along may be too new for this shell.
test -z "$1" || export LD_LIBRARY_PATH="$1"
shift
exec "$@" 3<&-
