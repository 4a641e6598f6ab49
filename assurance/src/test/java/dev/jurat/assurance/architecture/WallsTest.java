package dev.jurat.assurance.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The walls of ARCHITECTURE.md, read from the compiled classes. */
class WallsTest {
    private static final JavaClasses JURAT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.jurat");

    /** Module to the packages of ours that it may use beside its own; {@code ..} means with what is below. */
    private static final Map<String, List<String>> ARROWS = Map.of(
            "proof", List.of(),
            "custody", List.of("dev.jurat.proof.."),
            "testkit", List.of("dev.jurat.proof.."),
            "ledger", List.of("dev.jurat.proof.."),
            "governance", List.of("dev.jurat.proof..", "dev.jurat.ledger"),
            "identity", List.of("dev.jurat.proof..", "dev.jurat.ledger", "dev.jurat.governance.."),
            "sdk", List.of("dev.jurat.proof..", "dev.jurat.custody.signer"),
            "gateway", List.of("dev.jurat.proof..", "dev.jurat.sdk..", "dev.jurat.custody"),
            "app",
                    List.of(
                            "dev.jurat.proof..",
                            "dev.jurat.custody..",
                            "dev.jurat.ledger..",
                            "dev.jurat.governance..",
                            "dev.jurat.identity..",
                            "dev.jurat.sdk..",
                            "dev.jurat.gateway.."));

    /** Module to the packages of others that it may use, beside the JDK and JSpecify. */
    private static final Map<String, List<String>> OTHERS = Map.of(
            "proof", List.of("org.bouncycastle..", "tools.jackson.core.."),
            "custody", List.of("org.bouncycastle.."),
            "testkit", List.of(),
            "ledger", List.of("org.sqlite..", "com.amazon.corretto.crypto.provider..", "org.bouncycastle.crypto.."),
            "governance", List.of("com.cedarpolicy..", "com.fasterxml.jackson..", "com.google.common.collect.."),
            "identity", List.of("com.nimbusds..", "net.minidev.."),
            "sdk", List.of(),
            "gateway", List.of(),
            "app", List.of("org.eclipse.jetty..", "picocli.."));

    private static final List<String> JDK =
            List.of("java..", "javax.crypto..", "jdk.net..", "org.jspecify..", "sun.misc..");

    static Stream<String> modules() {
        return ARROWS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleUsesWhatItsArrowsDoNotAllow(String module) {
        List<String> allowed = new ArrayList<>(JDK);
        allowed.add("dev.jurat." + module + "..");
        allowed.addAll(ARROWS.get(module));
        allowed.addAll(OTHERS.get(module));
        classes()
                .that()
                .resideInAPackage("dev.jurat." + module + "..")
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.or(
                        JavaClass.Predicates.resideInAnyPackage(allowed.toArray(String[]::new)),
                        DescribedPredicate.describe(
                                "primitive", type -> type.getBaseComponentType().isPrimitive())))
                .allowEmptyShould(true)
                .check(JURAT);
    }

    @Test
    void aPackageHasNoSubject() {
        noClasses()
                .should()
                .resideInAnyPackage("..core..", "..common..", "..util..", "..utils..", "..misc..")
                .check(JURAT);
    }

    @Test
    void proofReadsAClockTheNetworkOrFiles() {
        noClasses()
                .that()
                .resideInAPackage("dev.jurat.proof..")
                .and()
                .haveSimpleNameNotEndingWith("Main")
                .should(use(WallsTest::readsTheWorld))
                .check(JURAT);
    }

    @Test
    void authorityIsDecidedByAClockOfItsOwn() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.jurat.proof..", "dev.jurat.governance.policy..")
                .should(use(WallsTest::readsAClock))
                .check(JURAT);
    }

    /** What enters the log is checked one by one; batches are for who reads it. */
    @Test
    void aBatchOfSignaturesAdmits() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.jurat.proof.audit..", "dev.jurat.assurance.bench..")
                .and()
                .haveNameNotMatching("dev\\.jurat\\.proof\\.crypto\\.Ed25519Batch.*")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("dev\\.jurat\\.proof\\.crypto\\.(Ed25519Batch|BitSums).*")
                .check(JURAT);
    }

    @Test
    void theGatewayKnowsKeysOrAPolicyEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.jurat.gateway..", "dev.jurat.sdk..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.jurat.ledger..",
                        "dev.jurat.identity..",
                        "dev.jurat.governance..",
                        "com.cedarpolicy..",
                        "org.sqlite..")
                .check(JURAT);
    }

    @Test
    void aTypeOfOthersStandsInAnExportedSignature() {
        List<String> found = new ArrayList<>();
        for (JavaClass type : JURAT) {
            if (!exported(type)) {
                continue;
            }
            for (JavaCodeUnit unit : type.getCodeUnits()) {
                if (visible(unit.getModifiers())) {
                    Stream.concat(unit.getRawParameterTypes().stream(), Stream.of(unit.getRawReturnType()))
                            .filter(WallsTest::foreign)
                            .forEach(t -> found.add(unit.getFullName() + " shows " + t.getName()));
                }
            }
            for (JavaField field : type.getFields()) {
                if (visible(field.getModifiers()) && foreign(field.getRawType())) {
                    found.add(
                            field.getFullName() + " shows " + field.getRawType().getName());
                }
            }
            Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
                    .filter(WallsTest::foreign)
                    .forEach(t -> found.add(type.getName() + " extends " + t.getName()));
        }
        assertEquals(List.of(), found, () -> String.join("\n", found));
    }

    @Test
    void aPublicTypeIsUsedByNoOtherPackage() {
        List<String> found = new ArrayList<>();
        // What clients and tests build on: its users are not among the classes read here.
        Set<String> published = Set.of("proof", "sdk", "testkit", "assurance");
        for (JavaClass type : JURAT) {
            boolean candidate = type.isTopLevelClass()
                    && type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !type.getSimpleName().equals("package-info")
                    && !published.contains(module(type))
                    && type.tryGetMethod("main", String[].class).isEmpty();
            if (candidate && usersInOtherPackages(type).isEmpty() && !isShownByNeighbour(type)) {
                found.add(type.getName());
            }
        }
        assertEquals(List.of(), found, () -> "make these package-private:\n" + String.join("\n", found));
    }

    private static List<String> usersInOtherPackages(JavaClass type) {
        Stream<JavaClass> family =
                JURAT.stream().filter(c -> c.equals(type) || c.getName().startsWith(type.getName() + "$"));
        return family.flatMap(c -> c.getDirectDependenciesToSelf().stream())
                .map(d -> d.getOriginClass().getPackageName())
                .filter(p -> !p.equals(type.getPackageName()))
                .toList();
    }

    /** Whether a public type of the same package has it in a visible signature, so that others meet it without naming it. */
    private static boolean isShownByNeighbour(JavaClass type) {
        return JURAT.stream()
                .filter(c -> c.getPackageName().equals(type.getPackageName())
                        && !c.getName().startsWith(type.getName())
                        && exported(c))
                .flatMap(c -> c.getMethods().stream())
                .filter(m -> visible(m.getModifiers()))
                .flatMap(m -> Stream.concat(
                        m.getReturnType().getAllInvolvedRawTypes().stream(),
                        m.getParameterTypes().stream().flatMap(p -> p.getAllInvolvedRawTypes().stream())))
                .anyMatch(type::equals);
    }

    private static String module(JavaClass type) {
        return type.getPackageName().split("\\.")[2];
    }

    private static boolean exported(JavaClass type) {
        boolean open = type.getModifiers().contains(JavaModifier.PUBLIC);
        return open && type.getEnclosingClass().map(WallsTest::exported).orElse(true);
    }

    private static boolean visible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static boolean foreign(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        return !base.isPrimitive()
                && !JavaClass.Predicates.resideInAnyPackage("java..", "javax.crypto..", "dev.jurat..")
                        .test(base);
    }

    private static boolean readsAClock(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        String method = call.getName();
        return (owner.equals("java.lang.System") && (method.equals("currentTimeMillis") || method.equals("nanoTime")))
                || (owner.startsWith("java.time.") && method.equals("now"))
                || owner.equals("java.time.Clock");
    }

    private static boolean readsTheWorld(JavaMethodCall call) {
        String owner = call.getTargetOwner().getName();
        boolean address = owner.startsWith("java.net.") && !owner.equals("java.net.URI") && !owner.endsWith("Decoder");
        return readsAClock(call)
                || address
                || owner.startsWith("java.nio.channels.")
                || owner.equals("java.nio.file.Files")
                || owner.equals("java.io.File")
                || owner.equals("java.lang.ProcessBuilder")
                || (owner.equals("java.lang.System")
                        && (call.getName().equals("getenv") || call.getName().equals("getProperty")));
    }

    private static ArchCondition<JavaClass> use(java.util.function.Predicate<JavaMethodCall> banned) {
        return new ArchCondition<>("call what is banned") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getMethodCallsFromSelf().stream()
                        .filter(banned)
                        .forEach(call -> events.add(SimpleConditionEvent.satisfied(type, call.getDescription())));
            }
        };
    }
}
