using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Output;

/// <summary>
/// Passes each report on immediately, on the thread that reports. The class exists because <see cref="Progress{T}"/> does so later and on another thread.
/// </summary>
internal sealed class WorkLines(Action<WorkLine> show) : IProgress<WorkLine>
{
    public void Report(WorkLine value) => show(value);
}
