using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Counting;

/// <summary>The size and the work of a model in total and of each node.</summary>
/// <param name="Parameters">See <see cref="ModelCost"/>.</param>
/// <param name="MultiplyAdds">See <see cref="ModelCost"/>; null without ONNX Runtime, which infers the shapes.</param>
/// <param name="Uncounted">See <see cref="ModelCost"/>.</param>
/// <param name="InputShapes">The input shapes of the call that multiply-adds are counted for.</param>
/// <param name="Nodes">The nodes with parameters or multiply-adds, in descending order of their larger share.</param>
internal sealed record ModelProfile(
    long Parameters,
    long? MultiplyAdds,
    int Uncounted,
    IReadOnlyDictionary<string, long[]> InputShapes,
    IReadOnlyList<NodeCost> Nodes
)
{
    /// <summary>Profiles a model that was loaded with its weights or mapped. Large weights are not read.</summary>
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
                NodeLabel.Name(node),
                node.OpType,
                parametersOf[Key(node)].Sum(),
                workOf.Contains(Key(node)) ? workOf[Key(node)].First() : 0
            ))
            .OrderByDescending(node => Math.Max(Share(node.Parameters, parameters), Share(node.MultiplyAdds ?? 0, multiplyAdds)));
        return new ModelProfile(parameters, multiplyAdds, work.Count(node => node.MultiplyAdds is null), inputs, [.. nodes]);
    }

    // Returns the key of a node: the name of its first output, which identifies the node in all copies of the model. Parameters and work may be counted on
    // different copies.
    private static string Key(NodeProto node) => node.Output.FirstOrDefault(output => output.Length > 0) ?? "";

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
