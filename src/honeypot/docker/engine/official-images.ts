/** What images of Docker Hub that everybody knows are configured with (their Dockerfiles of 2024), and how large they are. */

export interface OfficialImage {
  readonly cmd?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** Beside PATH. */
  readonly env?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly workdir?: string;
  readonly stopSignal?: string;
  /** Of each layer, compressed, in KiB; the base first. */
  readonly layers: readonly number[];
  /** What is in it when its tag does not say `alpine`. */
  readonly alpineLayers?: readonly number[];
}

const debian = 28_500;
const alpine = 3_330;

export const officialImages: Readonly<Record<string, OfficialImage>> = {
  alpine: { cmd: ['/bin/sh'], layers: [alpine] },
  busybox: { cmd: ['sh'], layers: [2_110] },
  ubuntu: { cmd: ['/bin/bash'], layers: [28_900] },
  debian: { cmd: ['bash'], layers: [48_500] },
  centos: { cmd: ['/bin/bash'], layers: [74_500] },
  fedora: { cmd: ['/bin/bash'], layers: [68_000] },
  rockylinux: { cmd: ['/bin/bash'], layers: [66_000] },
  amazonlinux: { cmd: ['/bin/bash'], layers: [61_000] },
  kalilinux: { cmd: ['bash'], layers: [51_000] },
  bash: { cmd: ['bash'], entrypoint: ['docker-entrypoint.sh'], layers: [alpine, 2_700, 1] },
  'hello-world': { cmd: ['/hello'], layers: [2] },
  docker: {
    cmd: ['sh'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['DOCKER_VERSION=26.1.4', 'DOCKER_TLS_CERTDIR=/certs'],
    layers: [alpine, 7_200, 1, 53_000, 17_000, 1, 1],
  },
  nginx: {
    cmd: ['nginx', '-g', 'daemon off;'],
    entrypoint: ['/docker-entrypoint.sh'],
    env: ['NGINX_VERSION=1.25.5', 'NJS_VERSION=0.8.4', 'PKG_RELEASE=1'],
    ports: ['80/tcp'],
    stopSignal: 'SIGQUIT',
    layers: [debian, 40_200, 1, 1, 1, 2, 2],
    alpineLayers: [alpine, 1_750, 1, 1, 1, 2, 2, 12_700],
  },
  httpd: {
    cmd: ['httpd-foreground'],
    env: ['HTTPD_PREFIX=/usr/local/apache2', 'HTTPD_VERSION=2.4.59'],
    ports: ['80/tcp'],
    workdir: '/usr/local/apache2',
    stopSignal: 'SIGWINCH',
    layers: [debian, 1, 1, 4_000, 25_000, 1],
  },
  redis: {
    cmd: ['redis-server'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['GOSU_VERSION=1.17', 'REDIS_VERSION=7.2.4'],
    ports: ['6379/tcp'],
    volumes: ['/data'],
    workdir: '/data',
    layers: [debian, 1, 1_080, 1, 12_600, 1, 1],
    alpineLayers: [alpine, 1, 1_250, 10_400, 1, 1],
  },
  postgres: {
    cmd: ['postgres'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['GOSU_VERSION=1.17', 'LANG=en_US.utf8', 'PG_MAJOR=15', 'PGDATA=/var/lib/postgresql/data'],
    ports: ['5432/tcp'],
    volumes: ['/var/lib/postgresql/data'],
    stopSignal: 'SIGINT',
    layers: [debian, 1_180, 4_500, 1_440, 8_060, 1_200, 116, 3, 97_000, 10, 1, 5, 1],
    alpineLayers: [alpine, 1, 1_100, 1, 90_000, 9, 1, 5],
  },
  mysql: {
    cmd: ['mysqld'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['GOSU_VERSION=1.16', 'MYSQL_MAJOR=8.0', 'MYSQL_VERSION=8.0.36-1.el8'],
    ports: ['3306/tcp', '33060/tcp'],
    volumes: ['/var/lib/mysql'],
    layers: [49_200, 1, 1_000, 4_400, 1, 1, 47_000, 1, 58_000, 5, 1],
  },
  mariadb: {
    cmd: ['mariadbd'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['GOSU_VERSION=1.17', 'LANG=C.UTF-8', 'MARIADB_VERSION=1:11.3.2+maria~ubu2204'],
    ports: ['3306/tcp'],
    volumes: ['/var/lib/mysql'],
    layers: [28_900, 2, 6_900, 2_000, 1, 80_000, 5, 1],
  },
  mongo: {
    cmd: ['mongod'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['GOSU_VERSION=1.17', 'MONGO_MAJOR=7.0', 'HOME=/data/db'],
    ports: ['27017/tcp'],
    volumes: ['/data/configdb', '/data/db'],
    layers: [28_900, 2, 1_500, 1_300, 1, 1, 215_000, 5],
  },
  node: {
    cmd: ['node'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['NODE_VERSION=20.12.2', 'YARN_VERSION=1.22.19'],
    layers: [debian, 3_300, 40_700, 1_710, 1],
    alpineLayers: [alpine, 42_000, 1_260, 1],
  },
  python: {
    cmd: ['python3'],
    env: ['LANG=C.UTF-8', 'PYTHON_VERSION=3.11.9'],
    layers: [debian, 3_400, 12_000, 1, 2_500],
    alpineLayers: [alpine, 610, 11_800, 1, 2_500],
  },
  golang: {
    cmd: ['bash'],
    env: ['GOLANG_VERSION=1.22.2', 'GOTOOLCHAIN=local', 'GOPATH=/go'],
    workdir: '/go',
    layers: [48_500, 23_000, 62_000, 88_000, 66_000, 1, 1],
  },
  php: {
    cmd: ['php', '-a'],
    entrypoint: ['docker-php-entrypoint'],
    env: ['PHP_VERSION=8.3.6', 'PHP_INI_DIR=/usr/local/etc/php'],
    layers: [debian, 1, 98_000, 1, 12_000, 1, 11_000, 2, 1],
  },
  wordpress: {
    cmd: ['apache2-foreground'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['PHP_VERSION=8.2.18', 'PHP_INI_DIR=/usr/local/etc/php'],
    ports: ['80/tcp'],
    volumes: ['/var/www/html'],
    workdir: '/var/www/html',
    stopSignal: 'SIGWINCH',
    layers: [debian, 1, 98_000, 1, 19_000, 1, 12_000, 11_000, 2, 1, 24_000, 14_000, 1, 23_000, 5],
  },
  traefik: {
    cmd: ['traefik'],
    entrypoint: ['/entrypoint.sh'],
    ports: ['80/tcp'],
    layers: [alpine, 300, 36_000, 1],
  },
  rabbitmq: {
    cmd: ['rabbitmq-server'],
    entrypoint: ['docker-entrypoint.sh'],
    env: ['LANG=C.UTF-8', 'RABBITMQ_VERSION=3.13.1'],
    ports: ['15691/tcp', '15692/tcp', '25672/tcp', '4369/tcp', '5671/tcp', '5672/tcp'],
    volumes: ['/var/lib/rabbitmq'],
    layers: [28_900, 32_000, 1, 8_000, 1, 1, 26_000, 1],
  },
  registry: {
    cmd: ['/etc/docker/registry/config.yml'],
    entrypoint: ['/entrypoint.sh'],
    ports: ['5000/tcp'],
    volumes: ['/var/lib/registry'],
    layers: [alpine, 290, 6_200, 1, 1],
  },
};

/** Where `cmd` is a shell that ends when nobody types: the image's program is emulated, not only said to run. */
export const shells: ReadonlySet<string> = new Set(['sh', '/bin/sh', 'bash', '/bin/bash']);
