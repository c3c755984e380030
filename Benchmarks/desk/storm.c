/* A crowd of clients that enrol people over HTTP, in one thread.
   storm PORT TOKEN HOME START CONNECTIONS RATE SECONDS RETRIES LEDGER
   RATE 0: each connection sends its next command when the last was answered (closed loop).
   Otherwise so many new commands a second fall due whatever the answers are (open loop), and how
   long one took counts from when it was due. A refusal with Retry-After is tried again RETRIES
   times. LEDGER gets a line "number status" for each command's last answer. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { mostConnections = 8192, mostSeconds = 4096, roomForAnswer = 65536 };
typedef struct { double at, due; long number; int tries; } Call;
typedef struct {
  int socket, busy, known, sent, size, got;
  char request[1024], answer[4096];
  Call call;
} Link;

static Link *links;
static int epoll, port, connections, retries, idle[mostConnections], idleCount;
static const char *token, *home;
static FILE *ledger;
static double began;
static long statuses[1000], broken, offered, acknowledgedIn[mostSeconds], refusedIn[mostSeconds];
static float *waits;
static long waitCount, waitRoom;
static Call *heap;
static long heapCount, heapRoom;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}
static void push(Call call) {
  if (heapCount == heapRoom) heap = realloc(heap, sizeof(Call) * (heapRoom = heapRoom * 2 + 1024));
  long at = heapCount++;
  while (at && heap[(at - 1) / 2].at > call.at) { heap[at] = heap[(at - 1) / 2]; at = (at - 1) / 2; }
  heap[at] = call;
}
static Call pop(void) {
  Call top = heap[0], last = heap[--heapCount];
  long at = 0;
  for (;;) {
    long child = at * 2 + 1;
    if (child >= heapCount) break;
    if (child + 1 < heapCount && heap[child + 1].at < heap[child].at) child++;
    if (heap[child].at >= last.at) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}

/* The same people as People.swift makes. */
static int body(char *text, long number) {
  static const char *counties[] = {"370202", "370203", "370211", "370212", "370213", "370214"};
  static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  long day = number / 499;
  time_t birth = (-10957L + day % 25000) * 86400;
  struct tm date;
  gmtime_r(&birth, &date);
  char identity[32];
  sprintf(identity, "%s%04d%02d%02d%03ld", counties[day / 25000 % 6], date.tm_year + 1900,
    date.tm_mon + 1, date.tm_mday, (number % 499 + 1) * 2 % 1000 + (number % 2 ? 1 : 0));
  int sum = 0;
  for (int index = 0; index < 17; index++) sum += (identity[index] - '0') * weights[index];
  identity[17] = "10X98765432"[sum % 11];
  identity[18] = 0;
  return sprintf(text,
    "{\"home\":\"%s\",\"name\":\"王敏\",\"sex\":\"%s\",\"birth_date\":\"%04d-%02d-%02d\","
    "\"identity_kind\":\"resident_id\",\"identity_number\":\"%s\",\"phone\":\"100%08ld\"}",
    home, number % 2 ? "male" : "female", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday,
    identity, number % 100000000);
}

static void join(Link *link) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  link->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  int yes = 1;
  setsockopt(link->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  connect(link->socket, (struct sockaddr *)&address, sizeof address);
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.u32 = link - links};
  epoll_ctl(epoll, EPOLL_CTL_ADD, link->socket, &event);
}
static void flush(Link *link) {
  while (link->busy && link->sent < link->size) {
    ssize_t part = send(
      link->socket, link->request + link->sent, link->size - link->sent, MSG_NOSIGNAL);
    if (part <= 0) return;
    link->sent += part;
  }
}
static void start(Link *link, Call call) {
  char text[512];
  int length = body(text, call.number);
  link->size = sprintf(link->request,
    "POST /api/commands/residents.enrol HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n"
    "Idempotency-Key: storm-%08ld\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
    token, call.number, length, text);
  link->call = call;
  link->sent = link->got = 0;
  link->busy = 1;
  flush(link);
}
static void settle(Call call, int status, double retryAfter) {
  double at = now();
  int second = at - began < mostSeconds ? (int)(at - began) : mostSeconds - 1;
  statuses[status]++;
  if (status == 200) acknowledgedIn[second]++; else refusedIn[second]++;
  if ((status == 429 || status == 503) && call.tries < retries) {
    call.tries++;
    call.at = at + retryAfter * (0.5 + drand48());
    push(call);
    return;
  }
  if (status == 200) {
    if (waitCount == waitRoom) waits = realloc(waits, 4 * (waitRoom = waitRoom * 2 + 65536));
    waits[waitCount++] = (at - call.due) * 1e3;
  }
  if (ledger) fprintf(ledger, "%ld %d\n", call.number, status);
}
static void drop(Link *link) {
  close(link->socket);
  if (link->busy) {
    broken++;
    if (ledger) fprintf(ledger, "%ld 0\n", link->call.number);
    link->busy = 0;
    idle[idleCount++] = link - links;
  }
  join(link);
}
static void receive(Link *link) {
  for (;;) {
    ssize_t part = recv(
      link->socket, link->answer + link->got, sizeof link->answer - 1 - link->got, 0);
    if (part == 0) { drop(link); return; }
    if (part < 0) {
      if (errno != EAGAIN) drop(link);
      return;
    }
    link->got += part;
    link->answer[link->got] = 0;
    char *end = strstr(link->answer, "\r\n\r\n");
    if (!end) continue;
    char *length = strcasestr(link->answer, "content-length:");
    if (!length || link->got < end + 4 - link->answer + atoi(length + 15)) continue;
    int status = atoi(link->answer + 9);
    char *after = strcasestr(link->answer, "retry-after:");
    Call call = link->call;
    link->busy = 0;
    idle[idleCount++] = link - links;
    settle(call, status, after && after < end ? atof(after + 12) : 1);
    link->got = 0;
  }
}
static int ascending(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

int main(int count, char **words) {
  if (count < 9) return 2;
  port = atoi(words[1]);
  token = words[2];
  home = words[3];
  long next = atol(words[4]);
  connections = atoi(words[5]);
  double rate = atof(words[6]), seconds = atof(words[7]);
  retries = atoi(words[8]);
  ledger = count > 9 ? fopen(words[9], "w") : 0;
  if (connections > mostConnections) return 2;
  links = calloc(connections, sizeof(Link));
  epoll = epoll_create1(0);
  for (int index = 0; index < connections; index++) {
    join(links + index);
    idle[idleCount++] = index;
  }
  usleep(300000);
  began = now();
  double end = began + seconds, late = end + 15;
  struct epoll_event events[512];
  for (;;) {
    double at = now();
    if (at >= end && (idleCount == connections || at >= late) && (!heapCount || at >= late)) break;
    if (at >= late) break;
    if (rate > 0 && at < end)
      for (; offered < (at - began) * rate; offered++) {
        double due = began + offered / rate;
        push((Call){due, due, next++, 0});
      }
    while (idleCount && rate > 0 && heapCount && heap[0].at <= at)
      start(links + idle[--idleCount], pop());
    while (idleCount && rate == 0 && at < end) {
      offered++;
      start(links + idle[--idleCount], (Call){at, at, next++, 0});
    }
    int ready = epoll_wait(epoll, events, 512, 1);
    for (int index = 0; index < ready; index++) {
      Link *link = links + events[index].data.u32;
      if (events[index].events & (EPOLLERR | EPOLLHUP)) { drop(link); continue; }
      if (events[index].events & EPOLLOUT) flush(link);
      if (events[index].events & EPOLLIN) receive(link);
    }
  }
  qsort(waits, waitCount, sizeof(float), ascending);
  printf("{\"offered\": %ld, \"acknowledged\": %ld, \"per_second\": %.1f, \"broken\": %ld, "
    "\"waiting\": %ld, \"p50_ms\": %.2f, \"p99_ms\": %.2f, \"statuses\": {", offered, statuses[200],
    statuses[200] / seconds, broken, heapCount, waitCount ? waits[waitCount / 2] : 0,
    waitCount ? waits[waitCount * 99 / 100] : 0);
  int first = 1;
  for (int status = 0; status < 1000; status++)
    if (statuses[status]) {
      printf("%s\"%d\": %ld", first ? "" : ", ", status, statuses[status]);
      first = 0;
    }
  printf("}, \"acknowledged_in\": [");
  for (int second = 0; second < (int)seconds && second < mostSeconds; second++)
    printf("%s%ld", second ? ", " : "", acknowledgedIn[second]);
  printf("]}\n");
  if (ledger) fclose(ledger);
  return 0;
}
