#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

// Swift calls no function with a variable number of arguments, so each kind of value has one of its own.
static inline CURLcode holdfast_curl_set_text(CURL *curl, CURLoption option, const char *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode holdfast_curl_set_number(CURL *curl, CURLoption option, long value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode holdfast_curl_set_list(CURL *curl, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode holdfast_curl_set_mime(CURL *curl, curl_mime *value) {
    return curl_easy_setopt(curl, CURLOPT_MIMEPOST, value);
}

static inline CURLcode holdfast_curl_set_buffer(CURL *curl, CURLoption option, char *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline long holdfast_curl_response_code(CURL *curl) {
    long code = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    return code;
}

// Ends the transfer once the number is not zero any more; libcurl asks at least once a second.
static inline int holdfast_curl_is_stopped(void *number, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    return __atomic_load_n((const int *)number, __ATOMIC_RELAXED);
}

static inline CURLcode holdfast_curl_set_stop(CURL *curl, int *number) {
    CURLcode code = curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_XFERINFODATA, number);
    if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, holdfast_curl_is_stopped);
    return code;
}

static inline void holdfast_curl_stop(int *number) { __atomic_store_n(number, 1, __ATOMIC_RELAXED); }

// What is answered is thrown away, and the transfer ends once there is more of it than that.
static inline size_t holdfast_curl_take(char *data, size_t size, size_t count, void *left) {
    (void)data;
    long *rest = left, bytes = (long)(size * count);
    if (bytes > *rest) return 0;
    *rest -= bytes;
    return size * count;
}

static inline CURLcode holdfast_curl_bound(CURL *curl, long *left) {
    CURLcode code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, holdfast_curl_take);
    if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_WRITEDATA, left);
    if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, holdfast_curl_take);
    if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_HEADERDATA, left);
    return code;
}

// Who may be connected to: asked with the very address, after its name was looked up.
struct holdfast_curl_gate {
    int (*allows)(const unsigned char *address, int length);
    int has_refused;
};

static inline curl_socket_t holdfast_curl_open(void *data, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    struct holdfast_curl_gate *gate = data;
    const unsigned char *bytes = 0;
    int length = 0;
    if (address->family == AF_INET) {
        bytes = (const unsigned char *)&((struct sockaddr_in *)&address->addr)->sin_addr;
        length = 4;
    } else if (address->family == AF_INET6) {
        bytes = (const unsigned char *)&((struct sockaddr_in6 *)&address->addr)->sin6_addr;
        length = 16;
    }
    if (!bytes || !gate->allows(bytes, length)) {
        gate->has_refused = 1;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static inline CURLcode holdfast_curl_set_gate(CURL *curl, struct holdfast_curl_gate *gate) {
    CURLcode code = curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, gate);
    if (code == CURLE_OK) code = curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, holdfast_curl_open);
    return code;
}
