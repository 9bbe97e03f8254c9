# syntax=docker/dockerfile:1
# AlexNet Viz in a container, with PyTorch's CPU build.  See docs/deploy.md.
#
#     docker build -t alexnet-viz .                                one process, embedded engine
#     docker build --target cluster -t alexnet-viz:cluster .       the same with Ray
#     docker run --rm -p 7860:7860 --init alexnet-viz
#
# The last stage is what a build without --target makes, and what a Hugging Face Space runs.

# requirements.lock has torch's hash for this Python
FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/
RUN /opt/venv/bin/python -m pip install --require-hashes --only-binary :all: \
    --extra-index-url https://download.pytorch.org/whl/cpu -r /tmp/requirements.lock

FROM packages AS cluster-packages
COPY requirements-cluster.lock /tmp/
RUN /opt/venv/bin/python -m pip install --require-hashes --only-binary :all: \
    --extra-index-url https://download.pytorch.org/whl/cpu \
    -r /tmp/requirements.lock -r /tmp/requirements-cluster.lock

FROM python:3.11-slim-bookworm AS base
# letters for PNG files in both languages
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-dejavu-core fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home viz \
    && install -d -o viz -g viz /var/cache/alexnet-viz
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=7860 \
    STREAMLIT_SERVER_HEADLESS=true \
    ALEXNET_VIZ_CACHE=/var/cache/alexnet-viz \
    ALEXNET_VIZ_LOG=json
WORKDIR /app
COPY app.py ./
COPY .streamlit .streamlit
COPY pages pages
COPY alexnet_viz alexnet_viz
COPY deploy/start.sh /usr/local/bin/start
USER 1000
EXPOSE 7860
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"STREAMLIT_SERVER_PORT\"]}/health', timeout=9)"]
ENTRYPOINT ["sh", "/usr/local/bin/start"]
CMD ["python", "-m", "streamlit", "run", "app.py"]

FROM base AS cluster
COPY --from=cluster-packages /opt/venv /opt/venv

FROM base AS app
COPY --from=packages /opt/venv /opt/venv
