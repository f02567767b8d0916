# Not built yet by any container engine: see docs/compose.md.
FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/bin ./bin
COPY --from=build /app/src/store/migrations ./src/store/migrations
COPY --from=build /app/policies ./policies
COPY LICENSE NOTICE ./
ENV ARREARS_HOME=/var/lib/arrears
RUN mkdir -p /var/lib/arrears && chown node:node /var/lib/arrears
USER node
EXPOSE 8080
CMD ["node", "bin/arrears.mjs", "up"]
