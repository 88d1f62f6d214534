using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>What a model takes in total and node by node.</summary>
/// <param name="Parameters">See <see cref="ModelCost"/>.</param>
/// <param name="MultiplyAdds">See <see cref="ModelCost"/>; null without ONNX Runtime, which infers the shapes.</param>
/// <param name="Uncounted">See <see cref="ModelCost"/>.</param>
/// <param name="InputShapes">The sizes of the inputs in the call that multiply-adds are counted for.</param>
/// <param name="Nodes">The nodes that have any of them, those with the largest share of either first.</param>
public sealed record ModelProfile(
    long Parameters,
    long? MultiplyAdds,
    int Uncounted,
    IReadOnlyDictionary<string, long[]> InputShapes,
    IReadOnlyList<NodeCost> Nodes
)
{
    /// <summary>Profiles a model. No large weight is read, but it must have been loaded with them, or mapped.</summary>
    public static ModelProfile Of(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model = ModelPreparation.PreparedCopy(model);
        try
        {
            var (inputs, work) = CostMeter.FirstCall(model, SignatureReader.Read(model), sample: null);
            return Of(model, inputs, work);
        }
        catch (Exception exception) when (exception is CompressionException { Code: Codes.OnnxRuntimeMissing } or FileNotFoundException)
        {
            return Of(model, new Dictionary<string, long[]>(), []) with { MultiplyAdds = null };
        }
    }

    private static ModelProfile Of(OnnxModel model, IReadOnlyDictionary<string, long[]> inputs, IReadOnlyList<NodeWork> work)
    {
        var main = new Graph(model);
        var weights = Weights.Find(main);
        var (parameters, multiplyAdds) = (weights.Sum(weight => weight.Parameters), ModelWork.Sum(work));
        var parametersOf = weights
            .SelectMany(weight => weight.Readers.Select(reader => (Key: Key(reader), weight.Parameters)))
            .ToLookup(read => read.Key, read => read.Parameters, StringComparer.Ordinal);
        var workOf = work.ToLookup(node => Key(node.Node), node => node.MultiplyAdds, StringComparer.Ordinal);
        var nodes = main.SelfAndSubgraphs()
            .SelectMany(scope => scope.Nodes)
            .Where(node => parametersOf.Contains(Key(node)) || workOf.Contains(Key(node)))
            .Select(node => new NodeCost(
                node.Name.Length > 0 ? node.Name : Key(node),
                node.OpType,
                parametersOf[Key(node)].Sum(),
                workOf.Contains(Key(node)) ? workOf[Key(node)].First() : 0
            ))
            .OrderByDescending(node => Math.Max(Share(node.Parameters, parameters), Share(node.MultiplyAdds ?? 0, multiplyAdds)));
        return new ModelProfile(parameters, multiplyAdds, work.Count(node => node.MultiplyAdds is null), inputs, [.. nodes]);
    }

    // Work may have been counted on a copy, where nodes are other objects that give the same.
    private static string Key(NodeProto node) => node.Output.FirstOrDefault(output => output.Length > 0) ?? "";

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
