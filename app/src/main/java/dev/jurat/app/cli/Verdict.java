package dev.jurat.app.cli;

import dev.jurat.proof.json.Json;
import dev.jurat.proof.record.AuthorityFacts;
import dev.jurat.proof.record.RecordId;

/**
 * What came of a person's word: what the newest decision on the ledger says once it was given.
 *
 * @param next as in {@link Failure}
 */
record Verdict(Exit exit, Screen.Tone tone, String head, String text, String next) {
    private static final String AGAIN = "have the call sent again, and look at it anew: jurat pending";

    /** Reads the node's answer to a word on a decision that waited. */
    static Verdict of(AuthorityFacts.Verdict said, Json.Obj answer, Asked asked, RecordId record) {
        RecordId waited = asked.id();
        Json stands = View.at(answer, "stands");
        String given = " (record " + View.brief(record.hex()) + "). ";
        String trace = "jurat trace " + View.brief(waited.hex());
        String because = Screen.clean(View.text(stands, "reason"));
        String help = Screen.clean(View.text(stands, "help"));
        boolean approved = said == AuthorityFacts.Verdict.APPROVE;
        return switch (View.text(stands, "outcome")) {
            case "allow" ->
                approved
                        ? goes(stands, given, trace, asked.actor())
                        : new Verdict(Exit.NO, Screen.Tone.BAD, "Allowed", given + "Others approved it before.", trace);
            case "deny" ->
                approved
                        ? new Verdict(
                                Exit.NO,
                                Screen.Tone.BAD,
                                "Denied after your approval",
                                given + because + (help.isEmpty() ? "." : ": " + help),
                                AGAIN)
                        : new Verdict(Exit.DONE, Screen.Tone.BAD, "Denied", given.stripTrailing(), trace);
            case "pending" -> waits(said, answer, stands, waited, given, because);
            default -> new Verdict(Exit.NO, Screen.Tone.WARN, "Taken", given + "What came of it: not known.", trace);
        };
    }

    /** It is allowed; whether it goes out hangs on who is to send it. */
    private static Verdict goes(Json stands, String given, String trace, String actor) {
        return switch (View.text(stands, "suspended")) {
            case "agent" ->
                new Verdict(
                        Exit.DONE,
                        Screen.Tone.WARN,
                        "Approved",
                        given + "The agent is suspended, so nothing goes out before it is resumed.",
                        "jurat agent resume " + actor);
            case "session" ->
                new Verdict(
                        Exit.DONE,
                        Screen.Tone.WARN,
                        "Approved",
                        given + "Its session is suspended: the same call goes out from a new one alone.",
                        "restart the agent's client, then: " + trace);
            default ->
                new Verdict(
                        Exit.DONE,
                        Screen.Tone.GOOD,
                        "Approved",
                        given
                                + "If the call is held, it goes out now; if not, the same call goes out once it is repeated.",
                        trace);
        };
    }

    private static Verdict waits(
            AuthorityFacts.Verdict said, Json answer, Json stands, RecordId waited, String given, String because) {
        String why = Screen.clean(View.text(answer, "why"));
        String head = said == AuthorityFacts.Verdict.APPROVE ? "Approved" : "Denied";
        String decision = View.text(stands, "decision");
        if (!why.isEmpty()) {
            String text = given + "It stands, but no new decision could be made yet (" + why + ").";
            String next = why.equals("policy-missing")
                    ? "jurat policy publish starter@v1, then have the call sent again"
                    : "have the call sent again, or: jurat doctor";
            return new Verdict(Exit.NO, Screen.Tone.WARN, head, text, next);
        }
        if (!decision.equals(waited.hex())) {
            String text = given + "The policy changed, and it waits anew (" + because + ").";
            return new Verdict(Exit.NO, Screen.Tone.WARN, head, text, "jurat approve " + View.brief(decision));
        }
        long missing = number(stands, "wanted") - number(stands, "given");
        String text = given + View.text(stands, "given") + " of " + View.text(stands, "wanted") + " approvals: "
                + (missing == 1 ? "one more person has" : missing + " more people have") + " to approve.";
        return new Verdict(Exit.DONE, Screen.Tone.WARN, head, text, another(decision));
    }

    private static String another(String decision) {
        return "jurat approve " + View.brief(decision) + " --as ANOTHER";
    }

    private static long number(Json stands, String name) {
        return View.at(stands, name) instanceof Json.Int number ? number.value() : 0;
    }

    void show(Screen screen) {
        screen.line(screen.tone(tone, head) + text);
        screen.next(next);
    }
}
