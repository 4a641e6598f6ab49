package dev.jurat.testkit;

import dev.jurat.proof.body.ConfigurationDetails;
import dev.jurat.proof.body.PersonDetails;
import dev.jurat.proof.json.Json;
import dev.jurat.proof.json.JsonBuilder;
import dev.jurat.proof.record.OperationFacts.Configuration;
import dev.jurat.proof.record.OperationFacts.Export;

/** Records by people who carry something out of a node, or answer for how it is set up. */
public final class OperationDrafts {
    /** The settings of {@link #configures}. */
    public static final Json.Obj SETTINGS =
            JsonBuilder.object().put("secondLine", true).build();

    private final World world;

    public OperationDrafts(World world) {
        this.world = world;
    }

    /** Asks for a bundle. */
    public Draft exports(Party by, Export export) {
        return world.draft(by, export).body(new PersonDetails("asked by the court").toJson());
    }

    /** Answers for the settings. */
    public Draft configures(Party by) {
        return world.draft(by, new Configuration(ConfigurationDetails.digestOf(SETTINGS)))
                .body(new ConfigurationDetails("as planned", SETTINGS).toJson());
    }
}
