package dev.jurat.assurance.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.jurat.assurance.harness.ManagedProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Processor time, user and system, as the operating system counts it of whole processes. */
final class CpuTime {
    private static final OperatingSystemMXBean OWN =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private CpuTime() {}

    /** What this process took so far, in microseconds. */
    static double ownMicros() {
        return OWN.getProcessCpuTime() / 1e3;
    }

    /** What another process took so far, in microseconds; counted in hundredths of a second. */
    static double micros(ManagedProcess process) throws IOException {
        return ProcessHandle.of(process.pid())
                        .flatMap(handle -> handle.info().totalCpuDuration())
                        .map(Duration::toNanos)
                        .orElseThrow(() -> new IOException("no processor time of process " + process.pid()))
                / 1e3;
    }
}
