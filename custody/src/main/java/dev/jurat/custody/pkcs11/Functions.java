package dev.jurat.custody.pkcs11;

/** Calls a function of a module; the answer is its CK_RV. Thread-safe. */
@FunctionalInterface
interface Functions {
    long call(Function function, Object... arguments);
}
