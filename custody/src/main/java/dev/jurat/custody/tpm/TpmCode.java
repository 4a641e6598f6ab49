package dev.jurat.custody.tpm;

import dev.jurat.custody.CustodyCode;

/** What went wrong with a TPM: which code of every custody that is, and what to do about it with a TPM. */
enum TpmCode {
    MISSING(CustodyCode.MISSING, "see that the device is there and that its address is right"),
    DENIED(CustodyCode.DENIED, "give this user the device, as by the group tss"),
    UNFIT(CustodyCode.SUITE, "take a TPM 2.0 with ECC on P-256"),
    HIERARCHY(
            CustodyCode.DENIED,
            "the owner's and the endorsement hierarchy are used without a password here: see tpm2_changeauth"),
    AUTH(CustodyCode.LOCKED, "give the right passphrase; wrong ones are counted, and lock the TPM"),
    LOCKED_OUT(
            CustodyCode.PIN_LOCKED,
            "wait for its recovery time, or have its owner reset it: tpm2_dictionarylockout -c"),
    RESET(CustodyCode.DAMAGED, "make another key: nothing brings one back whose TPM was cleared"),
    FULL(CustodyCode.FULL, "flush what others left loaded (tpm2_flushcontext -t), or use /dev/tpmrm0"),
    TIMEOUT(CustodyCode.TIMEOUT, "see who holds the TPM, and ask again"),
    GARBLED(CustodyCode.FAILED, "do not use this TPM until it is known who answers for it"),
    BUSY(CustodyCode.BUSY, "wait, and ask again; /dev/tpmrm0 can be shared, /dev/tpm0 cannot"),
    REFUSED(CustodyCode.FAILED, "see what the TPM says, and the log of the machine"),
    KEY_FORM(CustodyCode.DAMAGED, "take the key's file back from a backup, or make another key"),
    CLOSED(CustodyCode.LOCKED, "open it again");

    private final CustodyCode code;
    private final String next;

    TpmCode(CustodyCode code, String next) {
        this.code = code;
        this.next = next;
    }

    CustodyCode code() {
        return code;
    }

    String next() {
        return next;
    }
}
