package dev.jurat.app.cli;

/**
 * Why a call is not known: no profile has the tool, nobody has accepted the tool's definition, or the profile has it by this one and cannot
 * read the call.
 *
 * @param digest of the tool's object in the server's list; empty where the tool is known, or the server does not list it
 * @param profile the name of the profile that has the tool; empty where none does
 * @param accepted whether that profile has the tool by this definition, its own or one accepted since
 */
record Definition(String digest, String profile, String tool, boolean accepted) {
    /** Says what keeps the call from being known, and how an administrator accepts a definition where that would help. */
    void show(Screen screen, String indent) {
        if (digest.isEmpty()) {
            return;
        }
        if (profile.isEmpty()) {
            screen.line(indent
                    + "No profile that the point reads the server by has this tool. An administrator makes it known: "
                    + screen.next().commands("jurat profile publish FILE"));
            return;
        }
        if (accepted) {
            screen.line(indent + "The profile " + Screen.clean(profile)
                    + " has this tool by this very definition, and cannot read these arguments: they are not as it says. "
                    + "There is nothing to accept.");
            return;
        }
        screen.line(indent + "The profile " + Screen.clean(profile)
                + " was written for another definition of this tool. Once you have looked at it: "
                + screen.next()
                        .commands("jurat profile publish " + Next.quoted(profile) + " --accept "
                                + Next.quoted(tool + "=" + digest)));
    }
}
