# One image for the server and for every agent; what it runs is the command's argument. The second part runs nothing, so
# that an image for another processor is made without being emulated.
FROM --platform=$BUILDPLATFORM node:24.21.0-slim AS packages
ARG TARGETARCH
WORKDIR /arena
COPY package.json package-lock.json .npmrc ./
# Node comes with the image, so the packages that carry it for bare machines go out again.
RUN cpu=$(echo "$TARGETARCH" | sed s/amd64/x64/) \
  && npm ci --omit=dev --ignore-scripts --os=linux --cpu="$cpu" \
  && rm -rf node_modules/node-linux-* \
  && mkdir archive

FROM node:24.21.0-slim
WORKDIR /arena
ENV NODE_ENV=production
COPY --from=packages /arena/node_modules node_modules
# A volume that is mounted here is its owner's.
COPY --from=packages --chown=node:node /arena/archive archive
COPY package.json LICENSE NOTICE ./
COPY core core
COPY streams streams
COPY agents agents
COPY projections projections
COPY server server
USER node
EXPOSE 8000
ENTRYPOINT ["node", "server/cli/arena.ts"]
CMD ["serve"]
