using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Sparsification;

/// <summary>The number of zeros among values of a model.</summary>
/// <param name="Zeros">The number of zeros.</param>
/// <param name="All">The number of elements.</param>
internal sealed record ZeroCount(long Zeros, long All)
{
    /// <summary>The share of the values that are zeros.</summary>
    public double Share => All == 0 ? 0 : (double)Zeros / All;

    /// <summary>Counts the zeros of values in runs on all samples.</summary>
    public static ZeroCount Of(OnnxModel model, IReadOnlyList<string> values, ISampleSource samples, CancellationToken cancellationToken)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(ObservedModel.Of(model, values, cancellationToken)));
        var count = new ZeroCount(0, 0);
        foreach (var sample in samples.Read(cancellationToken))
        foreach (var output in runner.Run(sample, cancellationToken))
            count = new ZeroCount(count.Zeros + output.Numbers.LongCount(number => number == 0), count.All + output.Numbers.Length);
        return count;
    }
}
