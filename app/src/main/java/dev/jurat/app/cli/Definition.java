package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;

/**
 * The definition of a tool that a call waits for because nobody has accepted it: the tool is in no profile, or the server describes it otherwise
 * than the profile does.
 *
 * @param digest of the tool's object in the server's list; empty where the tool is known, or the server does not list it
 * @param profile the name of the profile that has the tool; empty where none does
 */
record Definition(String digest, String profile, String tool) {
    /** As {@code /v1/pending} says it. */
    static Definition of(Json item) {
        return new Definition(
                View.text(item, "definition"), View.text(item, "accepting-profile"), View.text(item, "tool"));
    }

    void show(Screen screen, String indent) {
        if (digest.isEmpty()) {
            return;
        }
        screen.line(indent + "definition " + digest + (profile.isEmpty() ? "  (no profile has this tool)" : ""));
        if (!profile.isEmpty()) {
            screen.line(indent + "the profile " + profile
                    + " was written for another definition of this tool. Once you have looked at it: "
                    + screen.next()
                            .commands("jurat profile publish " + Next.quoted(profile) + " --accept "
                                    + Next.quoted(tool + "=" + digest)));
        }
    }
}
