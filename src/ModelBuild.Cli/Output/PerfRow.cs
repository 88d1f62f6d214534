using ModelBuild.Compression.Profiling;

namespace ModelBuild.Cli.Output;

/// <summary>Represents the measurements of <c>perf</c> with one number of threads and one number of rows, which ran in a process of their own.</summary>
/// <param name="Threads">The number of threads of a run, or <c>all</c> for the default of ONNX Runtime.</param>
/// <param name="Rows">The number of rows of a call.</param>
/// <param name="RowsPerSecond">The number of rows that calls one after the other compute in a second.</param>
/// <param name="Times">The times and the memory.</param>
internal sealed record PerfRow(string Threads, long Rows, double RowsPerSecond, ModelTimes Times)
{
    private const double MsPerSecond = 1000;

    public static PerfRow Of(string threads, long rows, ModelTimes times) =>
        new(threads, rows, Math.Round(rows * MsPerSecond / times.Latency.MeanMs, 1), times);
}
