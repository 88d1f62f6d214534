using System.Diagnostics;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>The time and memory of a process.</summary>
/// <param name="Seconds">The time from the start to the end.</param>
/// <param name="ProcessorSeconds">The processor time of the program and of the system calls, on all cores. Other work on the machine affects it least.</param>
/// <param name="PeakBytes">The peak memory, including pages of mapped files.</param>
internal sealed record ProcessCost(double Seconds, double ProcessorSeconds, long PeakBytes)
{
    /// <summary>The standard output of the process.</summary>
    public string Output { get; init; } = "";

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">The program failed.</exception>
    public static ProcessCost Of(string program, IEnumerable<string> arguments)
    {
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        var processor = TimeSpan.Zero;
        while (!process.WaitForExit(5))
        {
            process.Refresh();
            try
            {
                // The peak never decreases. The first figures are those of this process, because the child process is a copy of it before it becomes the
                // program. The last figure may be 0.
                if (process.PeakWorkingSet64 is > 0 and var grown)
                    peak = grown;
                processor = process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                // The process ended after the check above.
            }
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return process.ExitCode == 0
            ? new ProcessCost(seconds, processor.TotalSeconds, peak) { Output = output.Result }
            : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {error.Result}");
    }

    /// <summary>Returns the shortest time of several runs, because other work on the machine only adds time, and their largest memory.</summary>
    public static ProcessCost Best(IReadOnlyList<ProcessCost> runs) =>
        new(runs.Min(run => run.Seconds), runs.Min(run => run.ProcessorSeconds), runs.Max(run => run.PeakBytes));
}
