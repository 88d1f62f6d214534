using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// Runs a model part by part on the same calls, while its layers are changed from the first to the last. Between two parts it keeps, for each call, the
/// values that later nodes read. The nodes before these values do not run again, and only the weights of the current part are in a session. If values cannot
/// be kept, because they are not tensors, have unknown sizes or are too large together, the next part starts at earlier nodes.
/// </summary>
/// <param name="model">The model. Nodes after the start of the last part may change, but not the names of values that other layers read.</param>
/// <param name="shapes">The input shapes of a call.</param>
/// <param name="calls">The number of calls.</param>
internal sealed class ModelPrefix(OnnxModel model, IReadOnlyDictionary<string, long[]> shapes, int calls)
{
    // The memory limit in bytes, over all calls, of the values that are kept between two parts of the model.
    private const long MaxBytes = 64 << 20;

    private readonly IReadOnlyDictionary<string, InferredTensor> _types = ShapeInference.DescribeOutputs(model, shapes);

    private KeptValues _kept = new([], calls);

    /// <summary>Opens the next part of the model in a session.</summary>
    /// <param name="shown">The names of float32 values that the part outputs.</param>
    /// <param name="later">The names of values that later parts output.</param>
    /// <param name="begins">Returns true for the first node of the following part. All nodes before it no longer change.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime does not load the part.</exception>
    public PrefixPart Next(IReadOnlyCollection<string> shown, IReadOnlyCollection<string> later, Func<NodeProto, bool> begins)
    {
        var flow = new ValueFlow(model.Proto.Graph);
        var live = flow.Live(later, flow.First(begins));
        try
        {
            return Open(flow, shown, CanKeep(live) ? live : _kept.Names);
        }
        catch (OnnxRuntimeException) when (_kept.Names.Count > 0)
        {
            // The part is opened again together with all earlier nodes. ONNX Runtime may infer types from the whole model that the part alone lacks.
            _kept = new KeptValues([], calls);
            return Open(flow, shown, []);
        }
    }

    private PrefixPart Open(ValueFlow flow, IReadOnlyCollection<string> shown, IReadOnlyCollection<string> keep)
    {
        var given = _kept.Names;
        var nodes = flow.Between(shown.Concat(keep), given);
        var made = nodes.SelectMany(node => node.Output).ToHashSet(StringComparer.Ordinal);
        string[] outputs = [.. shown.Concat(keep).Distinct(StringComparer.Ordinal).Where(made.Contains)];
        ModelRunner? runner = null;
        var (bytes, callBytes) = (0L, 0L);
        if (outputs.Length > 0)
        {
            var part = SegmentModel.Of(model, new GraphSegment(nodes, [.. flow.Reads(nodes, given)], outputs, Bytes: 0), _types);
            bytes = LargeModels.WeightBytes(part);
            callBytes = nodes.Sum(CallBytes);
            runner = new ModelRunner(Sessions.OpenPortable(part));
        }

        var before = _kept;
        _kept = new KeptValues(keep, calls);
        return new PrefixPart(runner, outputs, before, _kept, bytes, callBytes);
    }

    // Returns the approximate number of bytes that a node needs in one call: its outputs, and for MatMulNBits its weights, because without prepacking it
    // converts all of them to float32 in each call.
    private long CallBytes(NodeProto node) =>
        node.Output.Sum(value => _types.GetValueOrDefault(value)?.Bytes ?? 0)
        + (node.OpType == "MatMulNBits" ? node.GetInt("K") * node.GetInt("N") * sizeof(float) : 0);

    private bool CanKeep(string[] values) =>
        values.All(value => _types.TryGetValue(value, out var type) && CallMemory.Fits(type))
        && values.Sum(value => _types[value].Bytes!.Value) * calls <= MaxBytes;
}
