using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// A model that runs part by part on the same calls, while its layers are changed one after another from the first to the last. Between two parts it keeps, for each call, the values
/// that nodes behind the first layer not yet changed still read: what lies before does not run again, however many layers there are, and only the part that runs has its weights in a
/// session. Where values cannot be kept, since they are no tensors, of unknown size, or too large together, parts begin further back.
/// </summary>
/// <param name="model">The model. Nodes from the place on where the last part began may change, names of values that other layers read may not.</param>
/// <param name="shapes">The shapes of a call's inputs.</param>
/// <param name="calls">How many calls there are.</param>
internal sealed class ModelFront(OnnxModel model, IReadOnlyDictionary<string, long[]> shapes, int calls)
{
    // The limit for values that are kept between two parts, for all calls.
    private const long MaxBytes = 64 << 20;

    private readonly IReadOnlyDictionary<string, InferredTensor> _types = ShapeInference.Describe(
        model,
        shapes,
        model.Proto.Graph.Node.SelectMany(node => node.Output).Where(value => value.Length > 0).Distinct(StringComparer.Ordinal)
    );

    private KeptValues _kept = new([], calls);

    /// <summary>Loads the next part.</summary>
    /// <param name="shown">The float32 values that it shows.</param>
    /// <param name="later">The values that parts after it will show.</param>
    /// <param name="begins">Holds for the first node of the part after it: all before it are final.</param>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public FrontPart Next(IReadOnlyCollection<string> shown, IReadOnlyCollection<string> later, Func<NodeProto, bool> begins)
    {
        var flow = new ValueFlow(model.Proto.Graph);
        var live = flow.Live(later, flow.First(begins));
        try
        {
            return Open(flow, shown, CanKeep(live) ? live : _kept.Names);
        }
        catch (OnnxRuntimeException) when (_kept.Names.Count > 0)
        {
            // A part may lack what ONNX Runtime finds out from the whole.
            _kept = new KeptValues([], calls);
            return Open(flow, shown, []);
        }
    }

    private FrontPart Open(ValueFlow flow, IReadOnlyCollection<string> shown, IReadOnlyCollection<string> keep)
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
        return new FrontPart(runner, outputs, before, _kept, bytes, callBytes);
    }

    // Without a copy of the codes ordered for speed, MatMulNBits turns all of its weights to float32 in each call.
    private long CallBytes(NodeProto node) =>
        node.Output.Sum(value => _types.GetValueOrDefault(value)?.Bytes ?? 0)
        + (node.OpType == "MatMulNBits" ? node.GetInt("K") * node.GetInt("N") * sizeof(float) : 0);

    private bool CanKeep(string[] values) =>
        values.All(value => _types.TryGetValue(value, out var type) && CallMemory.Fits(type))
        && values.Sum(value => _types[value].Bytes!.Value) * calls <= MaxBytes;
}
