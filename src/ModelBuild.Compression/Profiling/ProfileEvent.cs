namespace ModelBuild.Compression.Profiling;

/// <summary>One entry of a profile: the run of a node, or of the whole model.</summary>
/// <param name="Thread">The thread that the run starts on.</param>
/// <param name="Start">The start in microseconds.</param>
/// <param name="Microseconds">The duration in microseconds.</param>
/// <param name="Node">The name of the node; null for the run of the whole model.</param>
/// <param name="Operator">The operator that runs; empty for the run of the whole model.</param>
/// <param name="Provider">The execution provider that runs the node; empty for the run of the whole model.</param>
internal sealed record ProfileEvent(long Thread, long Start, long Microseconds, string? Node, string Operator, string Provider)
{
    /// <summary>The end of the event in microseconds.</summary>
    public long End => Start + Microseconds;
}
