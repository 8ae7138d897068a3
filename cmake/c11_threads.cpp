// SPDX-License-Identifier: Apache-2.0
// C11 threads, mutexes and conditions by way of POSIX, for programs under ThreadSanitizer.
//
// librdkafka uses <threads.h>. TSan sees only POSIX: a thread that glibc's `thrd_create` starts has
// no state in it and crashes in the first intercepted call, and what a `mtx_t` orders looks like a
// race. These stand before glibc's own, whose types are POSIX's underneath. Only what librdkafka
// calls is here.
#include <cerrno>
#include <memory>
#include <pthread.h>
#include <threads.h>

namespace {

static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t));
static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t));

pthread_mutex_t* posix(mtx_t* mutex) {
    return reinterpret_cast<pthread_mutex_t*>(mutex);
}
pthread_cond_t* posix(cnd_t* condition) {
    return reinterpret_cast<pthread_cond_t*>(condition);
}

int result_of(int error) {
    switch (error) {
        case 0:
            return thrd_success;
        case ETIMEDOUT:
            return thrd_timedout;
        case ENOMEM:
            return thrd_nomem;
        default:
            return thrd_error;
    }
}

struct Start {
    thrd_start_t run;
    void* argument;
};

/// The thread's result is nobody's: librdkafka does not ask for it.
void* run(void* opaque) {
    const std::unique_ptr<Start> start{static_cast<Start*>(opaque)};
    start->run(start->argument);
    return nullptr;
}

}  // namespace

extern "C" {

/// What librdkafka itself calls is not looked at: it is built without TSan, which would miss half.
/// Nor are its locks as memory: that a mutex was made before another thread takes it, it sees to by
/// means that TSan does not see.
const char* __tsan_default_suppressions() {  // The name is TSan's.
    return "called_from_lib:librdkafka.so\nrace:^mtx_\nrace:^cnd_\n";
}

int mtx_init(mtx_t* mutex, int /*type*/) {
    return result_of(pthread_mutex_init(posix(mutex), nullptr));
}
int mtx_lock(mtx_t* mutex) {
    return result_of(pthread_mutex_lock(posix(mutex)));
}
int mtx_unlock(mtx_t* mutex) {
    return result_of(pthread_mutex_unlock(posix(mutex)));
}
void mtx_destroy(mtx_t* mutex) {
    pthread_mutex_destroy(posix(mutex));
}

int cnd_init(cnd_t* condition) {
    return result_of(pthread_cond_init(posix(condition), nullptr));
}
int cnd_signal(cnd_t* condition) {
    return result_of(pthread_cond_signal(posix(condition)));
}
int cnd_broadcast(cnd_t* condition) {
    return result_of(pthread_cond_broadcast(posix(condition)));
}
int cnd_wait(cnd_t* condition, mtx_t* mutex) {
    return result_of(pthread_cond_wait(posix(condition), posix(mutex)));
}
int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
    return result_of(pthread_cond_timedwait(posix(condition), posix(mutex), until));
}
void cnd_destroy(cnd_t* condition) {
    pthread_cond_destroy(posix(condition));
}

int thrd_create(thrd_t* thread, thrd_start_t start, void* argument) {
    return result_of(pthread_create(thread, nullptr, run, new Start{start, argument}));
}
int thrd_join(thrd_t thread, int* /*result*/) {
    return result_of(pthread_join(thread, nullptr));
}

}  // extern "C"
