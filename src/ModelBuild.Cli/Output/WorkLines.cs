using ModelBuild.Compression.Work;

namespace ModelBuild.Cli.Output;

/// <summary>Hands each report on at once, on the thread that works; <see cref="Progress{T}"/> does so later and on others.</summary>
internal sealed class WorkLines(Action<WorkLine> show) : IProgress<WorkLine>
{
    public void Report(WorkLine value) => show(value);
}
