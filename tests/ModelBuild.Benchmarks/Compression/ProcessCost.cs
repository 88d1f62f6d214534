using System.Diagnostics;

namespace ModelBuild.Benchmarks.Compression;

/// <summary>The time and memory of a process.</summary>
/// <param name="Seconds">From start to end.</param>
/// <param name="ProcessorSeconds">On all processors, in the program and in the system for it: what other work on the machine changes least.</param>
/// <param name="PeakBytes">The most memory that it had at once, pages of mapped files included.</param>
internal sealed record ProcessCost(double Seconds, double ProcessorSeconds, long PeakBytes)
{
    /// <summary>The standard output of the process.</summary>
    public string Output { get; init; } = "";

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
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
                // It only grows; the first figures are this process's own, of which the other one is a copy before it becomes the program, and the last may be
                // 0.
                if (process.PeakWorkingSet64 is > 0 and var grown)
                    peak = grown;
                processor = process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                // It ended between the two lines.
            }
        }

        var seconds = watch.Elapsed.TotalSeconds;
        return process.ExitCode == 0
            ? new ProcessCost(seconds, processor.TotalSeconds, peak) { Output = output.Result }
            : throw new InvalidOperationException($"{string.Join(' ', arguments)}: {error.Result}");
    }

    /// <summary>The least of several runs in time, which other work on the machine only adds to, and the most in memory.</summary>
    public static ProcessCost Best(IReadOnlyList<ProcessCost> runs) =>
        new(runs.Min(run => run.Seconds), runs.Min(run => run.ProcessorSeconds), runs.Max(run => run.PeakBytes));
}
