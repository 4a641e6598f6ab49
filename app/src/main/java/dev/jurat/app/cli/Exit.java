package dev.jurat.app.cli;

/** What the command's exit status says. */
enum Exit {
    /** Done; for questions: yes. */
    DONE(0, "done, or the answer is yes"),
    /** The answer is no: a defect, a denial, a refusal. */
    NO(1, "the answer is no: a defect was found, or the node refused"),
    /** Arguments or files that cannot be used; where the answer cannot be written, standard output is one. */
    INPUT(2, "arguments or files that cannot be used, such as a full disk behind standard output"),
    /** No node answers. */
    NODE(3, "no node answers"),
    /** A terminal and a passphrase are needed, or the passphrase is wrong. */
    TERMINAL(4, "a passphrase at a terminal is needed, or it was wrong"),
    /** Jurat's own fault. */
    FAULT(70, "Jurat's own fault (69 and 70 come from the launcher, too: no JDK or Maven; a failed build)");

    private final int status;
    private final String meaning;

    Exit(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    int status() {
        return status;
    }

    String meaning() {
        return meaning;
    }
}
