using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Sweeps;
using ModelBuild.Compression.Operators;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>
/// Collects whole values of a bounded number of held-out calls. Whole values are necessary, because a convolution reads the neighbours of each position.
/// </summary>
internal static class HeldOutCalls
{
    // The limit of the bytes of all held-out calls together.
    private const long MaxBytes = 64 << 20;

    /// <summary>Returns each value in the calls in which all its elements are finite. A value without such a call is left out.</summary>
    /// <param name="context">The context with the model.</param>
    /// <param name="names">The values.</param>
    /// <param name="samples">The held-out samples.</param>
    public static IReadOnlyDictionary<string, List<SampleArray>> Of(PassContext context, IEnumerable<string> names, ISampleSource samples)
    {
        using var observer = new ValueObserver(context.Model, samples, names, context.Calibration!.Threads, context.CancellationToken);
        var bytes = 0L;
        observer.Pass((_, _, values) => (long)values.Floats.Length * sizeof(float), (_, size) => bytes += size, mostCalls: 1);
        var seen = new Dictionary<string, List<SampleArray>>(StringComparer.Ordinal);
        observer.Pass(
            (_, _, values) =>
                values.Floats.Length > 0 && values.Floats.IsFinite()
                    ? new SampleArray(DataType.Float, values.Shape, MemoryMarshal.AsBytes(values.Floats).ToArray())
                    : null,
            (tensor, values) =>
            {
                if (values is null)
                    return;
                if (!seen.TryGetValue(observer.Tensors[tensor], out var list))
                    list = seen[observer.Tensors[tensor]] = [];
                list.Add(values);
            },
            (int)Math.Clamp(MaxBytes / Math.Max(1, bytes), 1, WavefrontSweep.MaxCalls)
        );
        return seen;
    }
}
