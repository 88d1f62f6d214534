using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Output;

/// <summary>What <c>inspect</c> tells of a model.</summary>
/// <param name="Model">The path as given.</param>
/// <param name="Bytes">Bytes on disk, external data included.</param>
/// <param name="ExternalFiles">Names of external data files.</param>
/// <param name="IrVersion">The version of the ONNX format.</param>
/// <param name="Opsets">Operator sets by domain.</param>
/// <param name="Producer">What made the model.</param>
/// <param name="Nodes">Nodes, those of subgraphs included.</param>
/// <param name="Operators">How often each operator is used, most used first.</param>
/// <param name="Parameters">Elements of all weights.</param>
/// <param name="MultiplyAdds">Multiply-adds of one call; null without ONNX Runtime.</param>
/// <param name="Uncounted">Nodes that are not among them, because their sizes are not known before the model runs.</param>
/// <param name="InputShapes">The sizes of the inputs in that call.</param>
/// <param name="LargestNodes">The nodes that have parameters or multiply-adds, those with the largest share of either first.</param>
/// <param name="Weights">Elements and bytes of all constant tensors by element type.</param>
/// <param name="Inputs">Inputs in the graph's order.</param>
/// <param name="Outputs">Outputs in the graph's order.</param>
/// <param name="SignatureHash">The hash of the contract that a generated class checks.</param>
/// <param name="Metadata">The model's own metadata.</param>
internal sealed record ModelDescription(
    string Model,
    long Bytes,
    IReadOnlyList<string> ExternalFiles,
    long IrVersion,
    IReadOnlyDictionary<string, long> Opsets,
    string Producer,
    int Nodes,
    IReadOnlyDictionary<string, int> Operators,
    long Parameters,
    long? MultiplyAdds,
    int Uncounted,
    IReadOnlyDictionary<string, long[]> InputShapes,
    IReadOnlyList<NodeCost> LargestNodes,
    IReadOnlyList<WeightDescription> Weights,
    IReadOnlyList<ValueDescription> Inputs,
    IReadOnlyList<ValueDescription> Outputs,
    string SignatureHash,
    IReadOnlyDictionary<string, string> Metadata
)
{
    /// <summary>The bytes of a model's files.</summary>
    public static long Size(string path) => Size(path, OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }));

    /// <summary>Describes a model; one with its weights mapped will do.</summary>
    public static ModelDescription Of(OnnxModel model, string path)
    {
        var proto = model.Proto;
        var nodes = new Graph(model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).ToArray();
        var signature = SignatureReader.Read(model);
        var weights = model
            .Tensors()
            .GroupBy(tensor => (DataType)tensor.DataType)
            .Select(group => WeightDescription.Of(group.Key, group.Sum(tensor => tensor.ElementCount())))
            .OrderByDescending(weight => weight.Bytes)
            .ThenBy(weight => weight.Type, StringComparer.Ordinal)
            .ToArray();
        var profile = ModelProfile.Of(model);
        return new ModelDescription(
            path,
            Size(path, model),
            [.. model.ExternalFiles.Select(file => Path.GetFileName(file))],
            proto.IrVersion,
            proto
                .OpsetImport.GroupBy(opset => opset.Domain.Length == 0 ? "ai.onnx" : opset.Domain)
                .ToDictionary(group => group.Key, group => group.Max(opset => opset.Version)),
            $"{proto.ProducerName} {proto.ProducerVersion}".Trim(),
            nodes.Length,
            nodes
                .GroupBy(node => node.IsStandard() ? node.OpType : $"{node.Domain}:{node.OpType}")
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count()),
            profile.Parameters,
            profile.MultiplyAdds,
            profile.Uncounted,
            profile.InputShapes,
            profile.Nodes,
            weights,
            [.. signature.Inputs.Select(ValueDescription.Of)],
            [.. signature.Outputs.Select(ValueDescription.Of)],
            signature.Hash(),
            proto.MetadataProps.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.First().Value)
        );
    }

    private static long Size(string path, OnnxModel model) => new FileInfo(path).Length + model.ExternalFiles.Sum(file => new FileInfo(file).Length);
}
