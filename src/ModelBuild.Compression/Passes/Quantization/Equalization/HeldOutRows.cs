using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Sweeps;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Collects a bounded number of rows of activations on held-out samples. Positions that a mask input marks as padding are left out.</summary>
internal static class HeldOutRows
{
    // The limit of the bytes of the held-out rows of all activations together.
    private const long MaxBytes = 64 << 20;

    private const int MaxRows = 256;
    private const int MinRows = 32;

    /// <summary>Returns the collected calls of each activation. An activation without a finite row is left out.</summary>
    /// <param name="context">The context with the model and the samples.</param>
    /// <param name="columns">The number of columns of each activation.</param>
    /// <param name="samples">The held-out samples.</param>
    public static IReadOnlyDictionary<string, List<SeenCall>> Of(PassContext context, IReadOnlyDictionary<string, int> columns, ISampleSource samples)
    {
        var wanted = Math.Clamp(MaxBytes / (columns.Values.Sum(count => (long)count) * sizeof(float)), MinRows, MaxRows);
        var calls = samples.Read(context.CancellationToken).Take(WavefrontSweep.MaxCalls).Count();
        var seen = new Dictionary<string, List<SeenCall>>(StringComparer.Ordinal);
        using var observer = new ValueObserver(context.Model, samples, columns.Keys, context.Calibration!.Threads, context.CancellationToken);
        observer.Pass(
            (call, _, values) => Look(call.Sample, call.Number, values, (double)wanted / calls),
            (tensor, call) =>
            {
                var name = observer.Tensors[tensor];
                if (call is null || call.Least.Length != columns[name])
                    return;
                if (!seen.TryGetValue(name, out var list))
                    list = seen[name] = [];
                list.Add(call);
            },
            calls
        );
        return seen;
    }

    private static SeenCall? Look(Sample sample, int number, FloatView values, double wanted)
    {
        if (values.Shape.Length == 0)
            return null;
        if (CallExtremes.Of(values.Floats, values.Shape, axis: -1) is not { IsFinite: true, ChannelMin: { } least, ChannelMax: { } greatest })
            return null;
        var layout = new MatrixRows(transposed: false, outputChannels: null);
        var count = layout.Count(values.Shape);
        var counted = SampleMask.Of(sample) is { } mask && mask.Length == count ? mask : null;
        var stride = (int)Math.Max(1, Math.Ceiling((counted?.Count(isReal => isReal) ?? count) / wanted));
        var rows = layout.Take(values, values, group: 0, stride, number, counted).X;
        return rows.Length == 0 ? null : new SeenCall(rows, least, greatest);
    }
}
