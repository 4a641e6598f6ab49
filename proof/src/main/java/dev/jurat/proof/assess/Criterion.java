package dev.jurat.proof.assess;

import java.util.List;

/** The one table of what is judged and by which rule, in the order of AG-016; what the levels ask beside comes last. */
public enum Criterion {
    C41("4.1", Duty.MUST, "each decision is signed with a key that one agent has alone", Clauses::ownKey),
    C42("4.2", Duty.MUST, "anyone can verify it, with published keys and without the agent", Clauses::anyoneVerifies),
    C43("4.3", Duty.MUST, "what was signed before a key was stolen stays proven", Clauses::pastSurvives),
    C44("4.4", Duty.SHOULD, "records are chained: none can be put in, left out or moved", Clauses::chained),
    C45("4.5", Duty.SHOULD, "an outside authority (RFC 3161) says when it was signed", Clauses::outsideTime),
    C46("4.6", Duty.SHOULD, "a key is replaced with an overlap, and nothing goes unsigned", Clauses::rotation),
    C47("4.7", Duty.MAY, "certificates can be exported that prove themselves", Clauses::exportable),

    T81("8.1", Duty.TEST, "completeness", Tests::completeness),
    T82("8.2", Duty.TEST, "independent verification", Tests::independent),
    T83("8.3", Duty.TEST, "compromise resilience", Tests::compromise),
    T84("8.4", Duty.TEST, "chain integrity", Tests::chain),
    T85("8.5", Duty.TEST, "timestamps", Tests::timestamps),
    T86("8.6", Duty.TEST, "forgery resistance", Tests::forgery),

    ISSUED("basic.issued", Duty.LEVEL, "the organisation gave each agent its key", LevelAsks::issued),
    HARDWARE("intermediate.hardware", Duty.LEVEL, "keys are where no software can take them", LevelAsks::hardware),
    REGISTRY("intermediate.registry", Duty.LEVEL, "public keys and their changes are published", LevelAsks::registry),
    STRUCTURED(
            "intermediate.structured",
            Duty.LEVEL,
            "agent, action, time and predecessor are signed",
            LevelAsks::structured),
    WITNESSED("advanced.witnessed", Duty.LEVEL, "the operator could not rewrite it either", LevelAsks::witnessed),
    AUDITED("advanced.audited", Duty.LEVEL, "others have audited how keys are managed", LevelAsks::audited),
    ATTACKED("advanced.attacked", Duty.LEVEL, "the signing was tried by known attacks", LevelAsks::attacked);

    /** How binding it is. */
    public enum Duty {
        MUST,
        SHOULD,
        MAY,
        TEST,
        LEVEL
    }

    /** Answers all questions of one criterion, at least one, from evidence alone. */
    @FunctionalInterface
    interface Rule {
        List<Finding> of(Evidence evidence);
    }

    private final String number;
    private final Duty duty;
    private final String title;
    private final Rule rule;

    Criterion(String number, Duty duty, String title, Rule rule) {
        this.number = number;
        this.duty = duty;
        this.title = title;
        this.rule = rule;
    }

    /** Its number in AG-016, or its level and name. Stable. */
    public String number() {
        return number;
    }

    public Duty duty() {
        return duty;
    }

    public String title() {
        return title;
    }

    Assessment.Assessed assess(Evidence evidence) {
        return new Assessment.Assessed(this, rule.of(evidence));
    }
}
