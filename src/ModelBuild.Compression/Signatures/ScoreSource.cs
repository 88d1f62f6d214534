using ModelBuild.Onnx;

namespace ModelBuild.Compression.Signatures;

/// <summary>Tells from the operator that makes an output whether its rows are probabilities, so that nobody takes a softmax of a softmax.</summary>
internal sealed class ScoreSource
{
    // What leaves values as they are, or nearly so.
    private static readonly string[] Passing =
    [
        "Identity",
        "Cast",
        "CastLike",
        "Reshape",
        "Flatten",
        "Squeeze",
        "Unsqueeze",
        "QuantizeLinear",
        "DequantizeLinear",
        "Dropout",
    ];

    private readonly Dictionary<string, NodeProto> _producers = new(StringComparer.Ordinal);

    public ScoreSource(GraphProto graph)
    {
        foreach (var node in graph.Node)
        foreach (var output in node.Output)
            _producers.TryAdd(output, node);
    }

    /// <summary>What an output holds; <see cref="ScoreKind.Logits"/> where nothing says otherwise.</summary>
    public ScoreKind Of(string output)
    {
        var node = _producers.GetValueOrDefault(output);
        // A model without cycles ends this, and one with them is refused later.
        for (var steps = 0; node is not null && Passing.Contains(node.OpType) && steps < _producers.Count; steps++)
            node = Producer(node, 0);
        return node?.OpType switch
        {
            "Softmax" or "Sigmoid" or "HardSigmoid" or "TreeEnsembleClassifier" or "Normalizer" => ScoreKind.Probabilities,
            "LogSoftmax" => ScoreKind.LogProbabilities,
            "LinearClassifier"
            or "SVMClassifier" when node.Attribute.Any(attribute => attribute.Name == "post_transform" && attribute.S.ToStringUtf8() != "NONE") =>
                ScoreKind.Probabilities,
            // A softmax that was exported in parts.
            "Div" when Producer(node, 0)?.OpType == "Exp" && Producer(node, 1)?.OpType == "ReduceSum" => ScoreKind.Probabilities,
            _ => ScoreKind.Logits,
        };
    }

    private NodeProto? Producer(NodeProto node, int input) => node.Input.Count > input ? _producers.GetValueOrDefault(node.Input[input]) : null;
}
