using ModelBuild.Compression.Work;

namespace ModelBuild.Compression.Tests.Training.Runs;

/// <summary>Cancels when a line of progress begins with a text, such as that of a step.</summary>
/// <param name="source">The source of the token that is cancelled.</param>
/// <param name="text">The text.</param>
/// <param name="occurrence">The number of the line with that text at which it cancels, from 1.</param>
internal sealed class StopAt(CancellationTokenSource source, string text, int occurrence = 1) : IProgress<WorkLine>
{
    private int _seen;

    public void Report(WorkLine value)
    {
        if (value.Text.StartsWith(text, StringComparison.Ordinal) && ++_seen == occurrence)
            source.Cancel();
    }
}
