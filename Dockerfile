# Two stages: the first builds the environment from the hash-pinned lock and the front end from its own, the second
# holds the result and nothing to build with.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /app
COPY requirements.lock pyproject.toml LICENSE README.md package.json package-lock.json .npmrc ./
COPY jiannuo/environment.py jiannuo/environment.py
# Ahead of the sources, so that a change of code does not install everything again.
RUN python -m venv .venv && .venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
# Node and npm come from the nodejs wheel of the lock; nothing of them is needed at run time.
RUN .venv/bin/python -I jiannuo/environment.py && rm -rf node_modules

FROM python:3.11.14-slim-bookworm
RUN groupadd --system --gid 10001 jiannuo \
 && useradd --system --uid 10001 --gid jiannuo --home-dir /app --no-create-home jiannuo \
 && install -d -o jiannuo -g jiannuo /var/lib/jiannuo
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    JIANNUO_DATA_DIR=/var/lib/jiannuo \
    JIANNUO_HOST=0.0.0.0 \
    JIANNUO_LOG_FORMAT=json
USER jiannuo
VOLUME /var/lib/jiannuo
EXPOSE 8000
ENTRYPOINT ["jiannuo"]
CMD ["api"]
