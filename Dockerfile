# Estrado in a container: see docs/deploy.md.
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/estrado
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY bot bot
COPY cogs cogs
RUN /opt/estrado/bin/python -m pip install --no-cache-dir --disable-pip-version-check --constraint constraints.txt .

FROM python:3.11-slim
# A number of its own, so that files on the host can be given to it; nobody logs in as it.
RUN groupadd --gid 10001 estrado \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /event --shell /usr/sbin/nologin estrado \
    && install -d -o estrado -g estrado -m 0700 /event /event/data /event/secrets
COPY --from=build /opt/estrado /opt/estrado
ENV PATH=/opt/estrado/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    ESTRADO_LOG_FORMAT=json \
    ESTRADO_HTTP_PORT=8730
USER 10001:10001
WORKDIR /event
# The database and the key never in one volume: whoever has both has the names of those who asked anonymously.
VOLUME ["/event/data", "/event/secrets"]
# The bot tells how it is doing on 127.0.0.1 of the container alone. Nothing is published.
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 CMD ["estrado", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["estrado"]
CMD ["run"]
