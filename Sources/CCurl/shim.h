#include <curl/curl.h>

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
