# The production image: AQAD's code and its packages, no servers. One image, three commands:
# the web process (below), `celery --app aqad worker` and `python -m aqad.beat --schedule /srv/aqad/beat`.
# A worker serves all queues, urgent ones first. So that nothing holds up payments start three at least:
# `--queues urgent`, `--queues urgent,messages` and `--queues urgent,background`.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /packages && /packages/bin/pip install --no-cache-dir --requirement requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=131072 \
    MALLOC_TRIM_THRESHOLD_=131072 \
    AQAD_ENV=production \
    AQAD_BIND=0.0.0.0:8000 \
    AQAD_DATA_DIR=/srv/aqad \
    PROMETHEUS_MULTIPROC_DIR=/run/aqad/metrics
RUN useradd --system --uid 10001 --home-dir /srv/aqad --create-home aqad \
    && install --directory --owner aqad /run/aqad/metrics
COPY --from=packages /packages /packages
COPY . /app
WORKDIR /app
# The static files belong to this image's code: do not mount a volume over /srv/aqad/static.
RUN env --unset=PROMETHEUS_MULTIPROC_DIR AQAD_ENV=development AQAD_COMPRESS_STATIC=1 \
    python manage.py collectstatic --no-input --verbosity 0
USER aqad
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-m", "aqad.runner", "healthy"]
CMD ["gunicorn", "--config", "python:aqad.runner.gunicorn_conf", "aqad.wsgi"]
