package dev.jurat.custody.tpm;

import java.util.Map;

/** What a TPM answers with, in our codes and in words (Part 2, section 6.6). */
final class ResponseCode {
    static final int INITIALIZE = 0x100;
    static final int OBJECT_MEMORY = 0x902;
    static final int SESSION_MEMORY = 0x903;
    static final int SESSION_HANDLES = 0x905;

    private record Meaning(TpmCode code, String words) {}

    private static final Map<Integer, Meaning> MEANINGS = Map.ofEntries(
            Map.entry(0x8e, new Meaning(TpmCode.AUTH, "the password is wrong, and the attempt was counted")),
            Map.entry(0xa2, new Meaning(TpmCode.AUTH, "the password is wrong")),
            Map.entry(
                    0x921,
                    new Meaning(
                            TpmCode.LOCKED_OUT,
                            "it is locked after too many wrong passwords, or too many losses of power while keys were in use")),
            Map.entry(0x9f, new Meaning(TpmCode.KEY_FORM, "the key's file was altered, or is of another TPM")),
            Map.entry(0xa5, new Meaning(TpmCode.KEY_FORM, "the key's file is of two keys")),
            Map.entry(OBJECT_MEMORY, new Meaning(TpmCode.FULL, "it has no room for another key")),
            Map.entry(SESSION_MEMORY, new Meaning(TpmCode.FULL, "it has no room for another session")),
            Map.entry(0x904, new Meaning(TpmCode.FULL, "it has no memory left")),
            Map.entry(SESSION_HANDLES, new Meaning(TpmCode.FULL, "it has no session handle left")),
            Map.entry(0x906, new Meaning(TpmCode.FULL, "it has no object handle left")),
            Map.entry(0x14b, new Meaning(TpmCode.FULL, "its permanent memory is full")),
            Map.entry(0x908, new Meaning(TpmCode.BUSY, "it put the command off")),
            Map.entry(0x90a, new Meaning(TpmCode.BUSY, "it is testing itself")),
            Map.entry(0x920, new Meaning(TpmCode.BUSY, "it spares its permanent memory")),
            Map.entry(0x922, new Meaning(TpmCode.BUSY, "it asks for the command again")),
            Map.entry(0x923, new Meaning(TpmCode.BUSY, "its permanent memory cannot be reached now")),
            Map.entry(INITIALIZE, new Meaning(TpmCode.REFUSED, "it was not started")),
            Map.entry(
                    0x101, new Meaning(TpmCode.REFUSED, "it failed its own test, and does nothing until it is reset")),
            Map.entry(0x120, new Meaning(TpmCode.REFUSED, "the command is disabled")),
            Map.entry(0x130, new Meaning(TpmCode.REFUSED, "it wants a reboot")),
            Map.entry(0x143, new Meaning(TpmCode.UNFIT, "it does not have this command")),
            Map.entry(0xa6, new Meaning(TpmCode.UNFIT, "it does not have this curve")),
            Map.entry(0x92, new Meaning(TpmCode.UNFIT, "it does not have this signature scheme")),
            Map.entry(0x85, new Meaning(TpmCode.REFUSED, "the hierarchy is disabled")),
            Map.entry(0x8b, new Meaning(TpmCode.REFUSED, "what was named is not loaded")));

    private ResponseCode() {}

    /** Without the place of what was refused: which handle, session or parameter. */
    static int base(int code) {
        return (code & 0x80) != 0 ? code & 0xbf : code & 0xfff;
    }

    /** Whether a parameter is what was refused, and not a handle or a session. */
    static boolean ofParameter(int code) {
        return (code & 0xc0) == 0xc0;
    }

    static boolean again(int code) {
        Meaning meaning = MEANINGS.get(base(code));
        return meaning != null && meaning.code() == TpmCode.BUSY;
    }

    static TpmException exception(Command.Name command, int code) {
        Meaning meaning = MEANINGS.getOrDefault(base(code), new Meaning(TpmCode.REFUSED, "it refuses"));
        return new TpmException(
                meaning.code(),
                "the TPM did not do " + command + ": " + meaning.words() + String.format(" (0x%03x)", code),
                code);
    }
}
