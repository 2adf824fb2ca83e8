// Tells the thread sanitizer of Swift's Mutex, for scripts/test-sanitized: preloaded.
//
// On Linux a Mutex that is contended is handed on by the kernel (FUTEX_LOCK_PI), which the sanitizer can't see: everything that such a lock guards
// would be reported as a race. The uncontended way is plain atomics, which it knows. So the two slow paths of the library are taken here, and what they
// do is said. The conventions are Swift's: the mutex is the context.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define CONTEXT __attribute__((swift_context))

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t self, CONTEXT void *mutex) __asm__(LOCK_SLOW);
SWIFT void unlock_slow(CONTEXT void *mutex) __asm__(UNLOCK_SLOW);

typedef SWIFT void (*lock_function)(uint32_t, CONTEXT void *);
typedef SWIFT void (*unlock_function)(CONTEXT void *);

SWIFT void lock_slow(uint32_t self, CONTEXT void *mutex) {
    static lock_function next;
    if (!next) next = (lock_function)dlsym(RTLD_NEXT, LOCK_SLOW);
    next(self, mutex);
    __tsan_acquire(mutex);
}

SWIFT void unlock_slow(CONTEXT void *mutex) {
    static unlock_function next;
    if (!next) next = (unlock_function)dlsym(RTLD_NEXT, UNLOCK_SLOW);
    __tsan_release(mutex);
    next(mutex);
}
