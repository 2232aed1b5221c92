# One image for the server and for every agent; what it runs is the command's argument.
FROM node:24-slim AS packages
WORKDIR /arena
COPY package.json package-lock.json .npmrc ./
# Node comes with the image, so the packages that carry it for bare machines go out again.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-*

FROM node:24-slim
WORKDIR /arena
ENV NODE_ENV=production
COPY --from=packages /arena/node_modules node_modules
COPY package.json ./
COPY core core
COPY streams streams
COPY agents agents
COPY projections projections
COPY server server
USER node
EXPOSE 8000
ENTRYPOINT ["node", "server/cli/arena.ts"]
CMD ["serve"]
