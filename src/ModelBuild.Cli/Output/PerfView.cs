using System.Globalization;
using ModelBuild.Compression.Profiling;
using ModelBuild.Onnx;
using Spectre.Console;

namespace ModelBuild.Cli.Output;

/// <summary>Shows the measurements of <c>perf</c> as tables.</summary>
internal static class PerfView
{
    private const int MaxNodes = 10;

    public static void Show(PerfDocument document)
    {
        var times = new Table().Border(TableBorder.Rounded).AddNumbers("threads", "rows", "p50 ms", "p90 ms", "p99 ms", "mean ms", "± ms", "rows/s");
        var loads = new Table().Border(TableBorder.Rounded).AddNumbers("threads", "rows", "load ms", "first call ms", "memory, loaded", "memory, peak");
        foreach (var row in document.Measurements)
        {
            var (rows, latency) = (Numbers.Format(row.Rows), row.Times.Latency);
            times.AddRow([
                row.Threads,
                rows,
                .. new[] { latency.P50Ms, latency.P90Ms, latency.P99Ms, latency.MeanMs, latency.DeviationMs }.Select(Milliseconds.Format),
                Numbers.Format((long)Math.Round(row.RowsPerSecond)),
            ]);
            loads.AddRow(
                row.Threads,
                rows,
                Milliseconds.Format(row.Times.LoadMs),
                Milliseconds.Format(row.Times.FirstCallMs),
                row.Times.Memory is { } memory ? Numbers.Format(memory.LoadedBytes) : "",
                row.Times.Memory?.PeakBytes is { } peak ? Numbers.Format(peak) : ""
            );
        }

        Screen.Write(times);
        Screen.Write(loads);
        Screen.WriteLine($"The calls ran one after the other with {document.Inputs.Text}, the memory is what the model adds to a process.");
        Profile(document);
        Screen.WriteLine(Machine(document.Machine));
    }

    /// <summary>Returns a sentence that describes the machine of a measurement.</summary>
    public static string Machine(MachineFacts machine) =>
        $"ONNX Runtime {machine.OnnxRuntime}, provider {machine.Provider}, {machine.Architecture}, {machine.Cores} cores.";

    private static void Profile(PerfDocument document)
    {
        var profile = document.Profile;
        var operators = new Table().Border(TableBorder.Rounded).AddColumn("operator").AddNumbers("nodes", "ms", "share");
        foreach (var one in profile.Operators)
            operators.AddRow(new TextCell(one.Operator), Right(Numbers.Format(one.Nodes)), Right(Milliseconds.Format(one.Ms)), Right(Numbers.Share(one.Share)));
        Screen.Write(operators);
        var nodes = new Table().Border(TableBorder.Rounded).AddColumn("node").AddColumn("runs as").AddNumbers("ms", "share");
        foreach (var node in profile.Nodes.Take(MaxNodes))
            nodes.AddRow(new TextCell(node.Node), new TextCell(Runs(node)), Right(Milliseconds.Format(node.Ms)), Right(Numbers.Share(node.Share)));
        if (profile.Nodes.Skip(MaxNodes).ToArray() is { Length: > 0 } rest)
            nodes.AddRow(
                new TextCell($"{rest.Length} others"),
                new TextCell(""),
                Right(Milliseconds.Format(rest.Sum(node => node.Ms))),
                Right(Numbers.Share(rest.Sum(node => node.Share)))
            );
        Screen.Write(nodes);
        var first = document.Measurements[0];
        Screen.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The times of nodes are means of {profile.Calls} calls of {Milliseconds.Format(profile.CallMs)} ms (threads {first.Threads}, rows "
                    + $"{first.Rows}), measured by ONNX Runtime's profiler, which makes calls slower."
            )
        );
    }

    private static string Runs(NodeTime node) =>
        (node.Domain == Domains.Nchwc ? $"{node.Operator} (blocked)" : node.Operator) + (node.Replaces.Count < 2 ? "" : $" for {node.Replaces.Count} nodes");

    private static TextCell Right(string text) => new(text) { Justification = Justify.Right };
}
