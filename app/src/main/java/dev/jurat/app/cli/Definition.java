package dev.jurat.app.cli;

/**
 * The definition of a tool that a call waits for because nobody has accepted it: the tool is in no profile, or the server describes it otherwise
 * than the profile does.
 *
 * @param digest of the tool's object in the server's list; empty where the tool is known, or the server does not list it
 * @param profile the name of the profile that has the tool; empty where none does
 */
record Definition(String digest, String profile, String tool) {
    /** Says how an administrator accepts it, where a profile has the tool. */
    void show(Screen screen, String indent) {
        if (!digest.isEmpty() && !profile.isEmpty()) {
            screen.line(indent + "The profile " + Screen.clean(profile)
                    + " was written for another definition of this tool. Once you have looked at it: "
                    + screen.next()
                            .commands("jurat profile publish " + Next.quoted(profile) + " --accept "
                                    + Next.quoted(tool + "=" + digest)));
        }
    }
}
