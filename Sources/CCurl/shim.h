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
